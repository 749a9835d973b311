/*
 * The way to the shell and the only file that knows Tauri. Everything else asks a `Backend`.
 */
import { invoke } from '@tauri-apps/api/core';
import { listen, type UnlistenFn } from '@tauri-apps/api/event';
import type { AdviceReport } from './generated/AdviceReport';
import type { AfterCallView } from './generated/AfterCallView';
import type { CallLogRow } from './generated/CallLogRow';
import type { CampaignEntryView } from './generated/CampaignEntryView';
import type { CampaignView } from './generated/CampaignView';
import type { CampaignWorkView } from './generated/CampaignWorkView';
import type { ContactRequest } from './generated/ContactRequest';
import type { CustomerPageView } from './generated/CustomerPageView';
import type { EntryState } from './generated/EntryState';
import type { FoundView } from './generated/FoundView';
import type { HistoryView } from './generated/HistoryView';
import type { HitView } from './generated/HitView';
import type { LinkView } from './generated/LinkView';
import type { NewCampaign } from './generated/NewCampaign';
import type { NoteView } from './generated/NoteView';
import type { NumberHealthView } from './generated/NumberHealthView';
import type { OfferAnswer } from './generated/OfferAnswer';
import type { OrdersView } from './generated/OrdersView';
import type { PagePlace } from './generated/PagePlace';
import type { PanelView } from './generated/PanelView';
import type { Pick } from './generated/Pick';
import type { PickedView } from './generated/PickedView';
import type { Priority } from './generated/Priority';
import type { SavedFilterView } from './generated/SavedFilterView';
import type { SentenceView } from './generated/SentenceView';
import type { SourceView } from './generated/SourceView';
import type { StartNotice } from './generated/StartNotice';
import type { SystemView } from './generated/SystemView';
import type { TaskKind } from './generated/TaskKind';
import type { TicketChange } from './generated/TicketChange';
import type { TicketFilter } from './generated/TicketFilter';
import type { TicketKind } from './generated/TicketKind';
import type { TicketPage } from './generated/TicketPage';
import type { TicketPlace } from './generated/TicketPlace';
import type { TicketState } from './generated/TicketState';
import type { TicketView } from './generated/TicketView';
import type { TodayView } from './generated/TodayView';
import type { UnwrittenView } from './generated/UnwrittenView';
import type { TryRequest } from './generated/TryRequest';
import type { WebhookTrialView } from './generated/WebhookTrialView';
import type { WhenView } from './generated/WhenView';
import type { WhyView } from './generated/WhyView';
import type { SetupRequests } from './desk/setup-requests';
import type { Language } from './shared/words';
import type { SupervisorRequests } from './supervisor/requests';

/** What a request is refused with: a code, and what to do, as messages of the catalogue and in English. */
export interface Refusal {
  code: string;
  said: SentenceView[];
  message: string;
}

/** What an agent writes of a new customer; what is not known is empty. */
export interface NewCustomer {
  name: string;
  company: string;
  email: string;
}

/** Something to do, as an agent plans it. */
export interface ToDo {
  kind: TaskKind;
  /** RFC 3339. */
  due: string;
  text: string;
}

/** A ticket as an agent opens it. */
export interface TicketRequest {
  kind: TicketKind;
  priority: Priority;
  subject: string;
}

export type Stop = () => void;

export interface Backend extends SupervisorRequests, SetupRequests {
  panelState(): Promise<PanelView>;
  /** Resolves only once the text is durable. */
  saveNote(call: string, text: string): Promise<NoteView>;
  /** Ends the wrap-up of a call. */
  closeCard(call: string): Promise<void>;
  dismissMissed(call: string): Promise<void>;
  hidePanel(): Promise<void>;
  /** Asks that the panel may take the keyboard, because somebody wants to type in it. */
  wantKeyboard(): Promise<void>;
  chooseCustomer(call: string, reference: string): Promise<void>;
  /** The caller was verified: what is covered comes with the next view. Resolves once it stands in the audit trail. */
  uncover(call: string): Promise<void>;
  /** Somebody is at the wrap-up of a call: it does not close by itself. */
  stayOpen(call: string): Promise<void>;
  /** Something is being typed in the card of a call, or nothing is any more: while it is, the card stays. */
  drafting(call: string, drafting: boolean): Promise<void>;
  /** How this shop works after a call. */
  afterCall(): Promise<AfterCallView>;
  /** Chooses the disposition of a call, or takes it away. Resolves only once that is durable. */
  setDisposition(call: string, code: string | null): Promise<void>;
  /** When a text means. */
  readWhen(text: string, language: Language, monthFirst: boolean): Promise<WhenView>;
  /** Plans something to do for whoever the call is with. Resolves only once that is durable. */
  planTask(call: string, todo: ToDo): Promise<void>;
  /** Marks a task as done, or as still to be done. */
  finishTask(task: number, done: boolean): Promise<void>;
  /** Takes a task back that was planned by mistake. */
  dropTask(task: number): Promise<void>;
  /** Opens a ticket for whoever the call is with. Resolves only once that is durable. */
  openTicket(call: string, ticket: TicketRequest): Promise<void>;
  /** Says how far a ticket is. */
  moveTicket(ticket: number, to: TicketState): Promise<void>;
  /** Keeps what was said to a suggested product. Resolves only once that is durable. */
  answerOffer(call: string, product: string, answer: OfferAnswer): Promise<void>;
  /** Says that the caller's number is this customer's from now on. Resolves only once that is durable. */
  linkCustomer(call: string, reference: string): Promise<void>;
  /** Makes a customer of who is calling, with a number as a person writes it. Resolves only once that is durable. */
  createCustomer(call: string, customer: NewCustomer, number: string): Promise<void>;
  /** Takes back what was said of the caller: the call is logged for nobody. */
  takeBack(call: string): Promise<void>;
  /** A few customers that fit what has been typed so far. */
  searchCustomers(typed: string): Promise<HitView[]>;
  /** Calls before the one named (the newest without one), the newest first. */
  callLog(before: string | null, limit: number): Promise<CallLogRow[]>;
  /** What was promised, who is to be rung back, and what was done today. */
  today(): Promise<TodayView>;
  /** Says that the caller of a missed call need not be rung back, or must be after all. */
  closeMissed(call: string, closed: boolean): Promise<void>;
  /** Puts a task off for ten minutes. */
  snoozeTask(task: number): Promise<void>;
  /** At most `limit` tickets that a filter lets through, behind a place in their list. */
  tickets(filter: TicketFilter, behind: TicketPlace | null, limit: number): Promise<TicketPage>;
  /** A ticket with all that was said and done. */
  ticket(ticket: number): Promise<TicketView>;
  /** Changes a ticket or comments on it. Resolves only once that is durable. */
  changeTicket(ticket: number, change: TicketChange): Promise<TicketView>;
  /** Opens a ticket without a call, for a customer or for nobody that is known. Resolves only once that is durable. */
  newTicket(customer: string | null, ticket: TicketRequest): Promise<TicketView>;
  /** Everything that fits what has been typed so far. */
  searchAll(typed: string): Promise<FoundView>;
  /** A customer's page; what the policy covers is in it only where it is to be uncovered, which is written down. */
  customerPage(reference: string, uncover: boolean): Promise<CustomerPageView>;
  /** What was with a customer, behind a place in their timeline. */
  history(reference: string, behind: PagePlace): Promise<HistoryView>;
  /** A customer's orders behind a place in their list. */
  orders(reference: string, behind: PagePlace, uncover: boolean): Promise<OrdersView>;
  /** Writes a contact over another channel down. Resolves only once that is durable. */
  addContact(reference: string, contact: ContactRequest): Promise<void>;
  /** Takes a contact out that was written down by mistake. */
  dropContact(contact: number): Promise<void>;
  /** Plans something to do for a customer, without a call. Resolves only once that is durable. */
  planFor(reference: string, todo: ToDo, number: string): Promise<void>;
  /** The filters of a list that have a name. */
  filters(page: string): Promise<SavedFilterView[]>;
  /** Gives a filter of a list a name, or, without a filter, takes the name away. */
  keepFilter(page: string, name: string, filter: string | null): Promise<void>;
  lines(): Promise<string[]>;
  setLines(lines: string[]): Promise<void>;
  /** Rings my phone, and dials the number when it is taken. Resolves then. */
  dial(number: string): Promise<void>;
  /** Nothing comes up and nothing is announced: for so many minutes, or until it is ended when they are null. */
  setQuiet(on: boolean, minutes: number | null): Promise<void>;
  /** What a link asked for and nobody closed yet. */
  openedLink(): Promise<LinkView | null>;
  closeLink(): Promise<void>;
  /** What works with this desktop. */
  system(): Promise<SystemView>;
  setStartAtLogin(on: boolean): Promise<void>;
  /** The pointer is pressed on the panel's head and moves: the window follows it. */
  dragPanel(): Promise<void>;
  /** The names of the webhook feeds. */
  webhookFeeds(): Promise<string[]>;
  /** What a feed would make of a request; nothing of it happens. */
  tryWebhook(feed: string, text: string): Promise<WebhookTrialView>;
  /** Why a call did or did not pop. */
  why(call: string): Promise<WhyView>;
  /** How well advice does by the shop's own past. Learns anew first, which may take seconds. */
  adviceReport(): Promise<AdviceReport>;
  /** What is wrong with the stored numbers. */
  numberHealth(): Promise<NumberHealthView>;
  /** Writes every finding to a CSV file; resolves with where it is. */
  exportNumberHealth(): Promise<string>;
  /** Where customer data comes from, and how each source stands. */
  sources(): Promise<SourceView[]>;
  /** Reads a source now; what was held may go when `allowDeletes` is true. Resolves once it is on its way. */
  syncSource(name: string, allowDeletes: boolean): Promise<void>;
  /** Calls that are to be written into their source and are not there as they are. */
  unwritten(): Promise<UnwrittenView[]>;
  /** One of them is tried again now; resolves once that is on the disk. */
  writeAgain(id: number): Promise<void>;
  /** One of them need not be written; resolves once that is on the disk. */
  dropUnwritten(id: number): Promise<void>;
  /** All campaigns, those that are open first. */
  campaigns(): Promise<CampaignView[]>;
  /** The names of the shop's tiers, the highest first. */
  tiers(): Promise<string[]>;
  /** At most `limit` customers for a campaign; who wants no advertising is among them and marked. */
  pick(pick: Pick, limit: number): Promise<PickedView[]>;
  /** Makes a campaign of those who were picked. Resolves only once it is durable. */
  newCampaign(campaign: NewCampaign, picked: PickedView[]): Promise<CampaignView>;
  /** A part of a campaign's list: those who stand so, or all. */
  campaignEntries(campaign: number, state: EntryState | null, offset: number, limit: number): Promise<CampaignEntryView[]>;
  /** Whom to call now: the one named, or whoever is next. */
  campaignWork(campaign: number, entry: number | null): Promise<CampaignWorkView>;
  /** Keeps what came of an attempt, and gives whom to call next. Resolves only once it is durable. */
  campaignTry(entry: number, attempt: TryRequest): Promise<CampaignWorkView>;
  /** Closes a campaign, or opens it again. */
  closeCampaign(campaign: number, closed: boolean): Promise<CampaignView>;
  /** Two records are one customer: resolves once that is durable, with those that stood apart before. */
  linkRecords(one: string, other: string): Promise<string[]>;
  /** Takes that back. */
  undoLink(one: string, other: string, apart: string[]): Promise<void>;
  /** A record is nobody else. */
  partRecord(reference: string): Promise<void>;
  /** What has to be read at the start and was not closed yet. */
  notices(): Promise<StartNotice[]>;
  closeNotice(notice: StartNotice): Promise<void>;
  /** Says that the mark's state stands on the screen. */
  painted(id: number): Promise<void>;
  /** Asks for a window as high as the content, in CSS pixels; gives the height that it gets. */
  resizePanel(height: number): Promise<number>;
  onPanel(hear: (view: PanelView) => void): Promise<Stop>;
  /** What the journal holds of calls, or of what is to be done after them, changed. */
  onCallLogChanged(hear: () => void): Promise<Stop>;
  /** Somebody does something in another window of the desk. */
  onAtTheDesk(hear: () => void): Promise<Stop>;
  onMark(hear: (id: number) => void): Promise<Stop>;
  onLink(hear: (link: LinkView) => void): Promise<Stop>;
}

/**
 * The shell's backend, or a scripted one: outside of the shell, so that the pages open in any browser, and for a state that
 * the address names, so that each can be looked at in the real window.
 */
export async function openBackend(): Promise<Backend> {
  const state = new URLSearchParams(location.search).get('state');
  if ('__TAURI_INTERNALS__' in window && state === null) return shellBackend;
  const { fakeBackend } = await import('./backend.fake');
  return fakeBackend(state);
}

/** Whatever a request was rejected with, as code and sentences. */
export function refusal(error: unknown): Refusal {
  if (typeof error === 'object' && error !== null) {
    const { code, said, message } = error as Partial<Refusal>;
    if (typeof message === 'string') return { code: typeof code === 'string' ? code : 'unknown', said: Array.isArray(said) ? said : [], message };
  }
  return { code: 'unknown', said: [], message: String(error) };
}

export const shellBackend: Backend = {
  panelState: () => invoke('panel_state'),
  saveNote: (call, text) => invoke('save_note', { call, text }),
  closeCard: (call) => invoke('close_card', { call }),
  dismissMissed: (call) => invoke('dismiss_missed', { call }),
  hidePanel: () => invoke('hide_panel'),
  wantKeyboard: () => invoke('want_keyboard'),
  chooseCustomer: (call, reference) => invoke('choose_customer', { call, reference }),
  uncover: (call) => invoke('uncover', { call }),
  stayOpen: (call) => invoke('stay_open', { call }),
  drafting: (call, drafting) => invoke('drafting', { call, drafting }),
  afterCall: () => invoke('after_call'),
  setDisposition: (call, code) => invoke('set_disposition', { call, code }),
  readWhen: (text, language, monthFirst) => invoke('read_when', { text, language, monthFirst }),
  planTask: (call, todo) => invoke('plan_task', { call, todo }),
  finishTask: (task, done) => invoke('finish_task', { task, done }),
  dropTask: (task) => invoke('drop_task', { task }),
  openTicket: (call, ticket) => invoke('open_ticket', { call, ticket }),
  moveTicket: (ticket, to) => invoke('move_ticket', { ticket, to }),
  answerOffer: (call, product, answer) => invoke('answer_offer', { call, product, answer }),
  linkCustomer: (call, reference) => invoke('link_customer', { call, reference }),
  createCustomer: (call, customer, number) => invoke('create_customer', { call, customer, number }),
  takeBack: (call) => invoke('take_back', { call }),
  searchCustomers: (typed) => invoke('search_customers', { typed }),
  callLog: (before, limit) => invoke('call_log', { before, limit }),
  today: () => invoke('today'),
  closeMissed: (call, closed) => invoke('close_missed', { call, closed }),
  board: () => invoke('board'),
  lastHour: (queue) => invoke('last_hour', { queue }),
  todaySoFar: (queue) => invoke('today_so_far', { queue }),
  feedsHeard: () => invoke('feeds_heard'),
  giveMissed: (call, line) => invoke('give_missed', { call, line }),
  snoozeTask: (task) => invoke('snooze_task', { task }),
  tickets: (filter, behind, limit) => invoke('tickets', { filter, behind, limit }),
  ticket: (ticket) => invoke('ticket', { ticket }),
  changeTicket: (ticket, change) => invoke('change_ticket', { ticket, change }),
  newTicket: (customer, ticket) => invoke('new_ticket', { customer, ticket }),
  searchAll: (typed) => invoke('search_all', { typed }),
  customerPage: (reference, uncover) => invoke('customer_page', { reference, uncover }),
  history: (reference, behind) => invoke('history', { reference, behind }),
  orders: (reference, behind, uncover) => invoke('orders', { reference, behind, uncover }),
  addContact: (reference, contact) => invoke('add_contact', { reference, contact }),
  dropContact: (contact) => invoke('drop_contact', { contact }),
  planFor: (reference, todo, number) => invoke('plan_for', { reference, todo, number }),
  filters: (page) => invoke('filters', { page }),
  keepFilter: (page, name, filter) => invoke('keep_filter', { page, name, filter }),
  session: () => invoke('session'),
  signIn: (name, pin) => invoke('sign_in', { name, pin }),
  signOut: () => invoke('sign_out'),
  lockDesk: () => invoke('lock_desk'),
  atTheDesk: () => invoke('at_the_desk'),
  users: () => invoke('users'),
  addUser: (user, pin) => invoke('add_user', { user, pin }),
  changeUser: (id, user) => invoke('change_user', { id, user }),
  setPin: (id, pin) => invoke('set_pin', { id, pin }),
  removeUser: (id) => invoke('remove_user', { id }),
  lines: () => invoke('lines'),
  setLines: (lines) => invoke('set_lines', { lines }),
  dial: (number) => invoke('dial', { number }),
  setQuiet: (on, minutes) => invoke('set_quiet', { on, minutes }),
  openedLink: () => invoke('opened_link'),
  closeLink: () => invoke('close_link'),
  system: () => invoke('system'),
  setStartAtLogin: (on) => invoke('set_start_at_login', { on }),
  dragPanel: () => invoke('drag_panel'),
  webhookFeeds: () => invoke('webhook_feeds'),
  tryWebhook: (feed, text) => invoke('try_webhook', { feed, text }),
  why: (call) => invoke('why', { call }),
  adviceReport: () => invoke('advice_report'),
  callReport: (request) => invoke('call_report', { request }),
  exportCallReport: (request, part) => invoke('export_call_report', { request, part }),
  logRows: (filter, before, limit) => invoke('log_rows', { filter, before, limit }),
  logChoices: () => invoke('log_choices'),
  logLink: (filter) => invoke('log_link', { filter }),
  story: (call) => invoke('story', { call }),
  commentCall: (call, text) => invoke('comment_call', { call, text }),
  markCall: (call, mark) => invoke('mark_call', { call, mark }),
  auditTrail: (request, before) => invoke('audit_trail', { request, before }),
  exportAudit: (request) => invoke('export_audit', { request }),
  knownOf: (reference) => invoke('known_of', { reference }),
  giveOut: (reference, title, kind) => invoke('give_out', { reference, title, kind }),
  erasePerson: (reference, name) => invoke('erase_person', { reference, name }),
  numberHealth: () => invoke('number_health'),
  exportNumberHealth: () => invoke('export_number_health'),
  sources: () => invoke('sources'),
  syncSource: (name, allowDeletes) => invoke('sync_source', { name, allowDeletes }),
  unwritten: () => invoke('unwritten'),
  writeAgain: (id) => invoke('write_again', { id }),
  dropUnwritten: (id) => invoke('drop_unwritten', { id }),
  campaigns: () => invoke('campaigns'),
  tiers: () => invoke('tiers'),
  pick: (pick, limit) => invoke('pick', { pick, limit }),
  newCampaign: (campaign, picked) => invoke('new_campaign', { campaign, picked }),
  campaignEntries: (campaign, state, offset, limit) => invoke('campaign_entries', { campaign, state, offset, limit }),
  campaignWork: (campaign, entry) => invoke('campaign_work', { campaign, entry }),
  campaignTry: (entry, attempt) => invoke('campaign_try', { entry, attempt }),
  closeCampaign: (campaign, closed) => invoke('close_campaign', { campaign, closed }),
  linkRecords: (one, other) => invoke('link_records', { one, other }),
  undoLink: (one, other, apart) => invoke('undo_link', { one, other, apart }),
  partRecord: (reference) => invoke('part_record', { reference }),
  settings: () => invoke('settings'),
  changeSettings: (revision, changes) => invoke('change_settings', { revision, changes }),
  keepSecret: (name, secret) => invoke('keep_secret', { name, secret }),
  restart: () => invoke('restart'),
  tryPhoneSystem: (revision, changes, feed) => invoke('try_phone_system', { revision, changes, feed }),
  phoneSystemHeard: () => invoke('phone_system_heard'),
  endPhoneTrial: () => invoke('end_phone_trial'),
  dataFiles: () => invoke('data_files'),
  chooseFile: (title, kind) => invoke('choose_file', { title, kind }),
  previewFile: (path, maps, leaveOut) => invoke('preview_file', { path, maps, leaveOut }),
  importSource: (name) => invoke('import_source', { name }),
  pretendCall: (step, number) => invoke('pretend_call', { step, number }),
  notices: () => invoke('notices'),
  closeNotice: (notice) => invoke('close_notice', { notice }),
  painted: (id) => invoke('painted', { id }),
  resizePanel: (height) => invoke('resize_panel', { height }),
  onPanel: (hear) => heard<PanelView>('panel', hear),
  onCallLogChanged: (hear) => heard<unknown>('call-log-changed', () => hear()),
  onAtTheDesk: (hear) => heard<unknown>('at-the-desk', () => hear()),
  onMark: (hear) => heard<{ id: number }>('mark', ({ id }) => hear(id)),
  onLink: (hear) => heard<LinkView>('link', hear),
};

function heard<T>(event: string, hear: (payload: T) => void): Promise<UnlistenFn> {
  return listen<T>(event, ({ payload }) => hear(payload));
}
