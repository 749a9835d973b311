/*
 * The same backend as the shell's over a scripted shop, so that the pages open in any browser:
 * `?state=<name>` (or `#<name>`) shows one state, without it calls come and go by themselves.
 * It keeps notes and lines as long as the page lives.
 */
import type { Backend, Stop } from './backend';
import { handle } from './demo/hands';
import { demoBoard, demoHeard, demoHour, demoName } from './demo/board';
import { demoCustomer } from './demo/customer';
import { demoAdvice } from './demo/advice';
import { demoHealth } from './demo/health';
import { demoLog } from './demo/log';
import { demoAudit, demoTrail } from './demo/audit';
import { demoKnown } from './demo/privacy';
import { demoReport, demoSoFar } from './demo/report';
import { commented, demoLink, demoRow, demoStory, filteredLog, marked, type Reviews } from './demo/review';
import { changed, demoTickets, filtered, pageOf } from './demo/tickets';
import { demoToday } from './demo/today';
import { sessionDemo } from './demo/session';
import { trialOf } from './demo/trial';
import { play } from './demo/script';
import { PEOPLE, SUGGESTIONS } from './demo/people';
import { readWhen, TEMPLATES } from './demo/shop';
import { demoSources, demoUnwritten, read, triedAgain } from './demo/sources';
import { campaignDemo } from './demo/campaigns';
import { changedSheet, demoPreview, demoRefused, demoSheet } from './demo/settings';
import { covered, STATE_NAMES, stateNamed, task, ticket } from './demo/states';
import { whyNot, whyOf } from './demo/why';
import { EVERYTHING } from './supervisor/log.svelte';
import type { AfterCallView } from './generated/AfterCallView';
import type { CardView } from './generated/CardView';
import type { CustomerView } from './generated/CustomerView';
import type { LinkView } from './generated/LinkView';
import type { NoteView } from './generated/NoteView';
import type { OpenItemView } from './generated/OpenItemView';
import type { OpenWhat } from './generated/OpenWhat';
import type { PanelView } from './generated/PanelView';
import type { Pause } from './generated/Pause';
import type { PopView } from './generated/PopView';
import type { TaskView } from './generated/TaskView';
import type { TimelineView } from './generated/TimelineView';
import type { WordKind } from './generated/WordKind';

class Channel<T> {
  readonly #ears = new Set<(value: T) => void>();

  hear(ear: (value: T) => void): Promise<Stop> {
    this.#ears.add(ear);
    return Promise.resolve(() => void this.#ears.delete(ear));
  }

  say(value: T): void {
    for (const ear of this.#ears) ear(value);
  }
}

/** Lower case, without accents, cut at what is no letter. */
const words = (text: string) => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** A backend that shows the state named, or plays the demo. */
export function fakeBackend(wish: string | null): Backend {
  const name = wish ?? location.hash.replace(/^#\/?/, '');
  const panels = new Channel<PanelView>();
  const logs = new Channel<void>();
  const present = new Channel<void>();
  const marks = new Channel<number>();
  const links = new Channel<LinkView>();
  const people = sessionDemo(name === 'shared' ? [[{ name: 'Marta Horvat', role: 'admin', extensions: ['101'] }, '4711'], [{ name: 'Tea Marić', role: 'agent', extensions: ['102'] }, '4712']] : []);
  let link: LinkView | null = name === 'link' ? { kind: 'dial', number: '+49300074321', extension: null } : null;
  let startsAtLogin = false;
  const still = stateNamed(name, Date.now());
  // Whoever takes pictures of all states finds their names here.
  document.documentElement.dataset.states = STATE_NAMES.join(' ');
  let lines = ['101'];
  let log = demoLog(Date.now());
  const written = new Map<string, TimelineView[]>();
  const planned: TaskView[] = [];
  let tickets = demoTickets(Date.now());
  let saved: { page: string; name: string; filter: string }[] = [{ page: 'tickets', name: 'Complaints', filter: JSON.stringify({ state: 'open', about: 'complaint', priority: null, assignee: 'anyone', text: '' }) }, { page: 'log', name: 'Missed, 7 days', filter: JSON.stringify({ ...EVERYTHING, period: { kind: 'days', days: 7 }, outcome: 'missed' }) }];
  let day = demoToday(Date.now(), log);
  let view: PanelView = still ?? stateNamed('idle', Date.now())!;

  const made: CustomerView[] = [];
  /** What a card showed before somebody said who it is. */
  const said = new Map<string, PopView>();
  let sources = demoSources(Date.now());
  let unwritten = demoUnwritten(Date.now());
  let sheet = demoSheet();
  const campaigns = campaignDemo(Date.now());
  const customers = () => [...made, ...Object.values(PEOPLE)];
  const card = (call: string) => view.cards.find((card) => card.call === call);
  const say = (call: string, kind: WordKind, customer: CustomerView) => {
    const before = card(call)?.pop;
    if (!before) return;
    said.set(call, before);
    const word = { kind, line: '101', at: new Date().toISOString(), in_this_call: true };
    const pop: PopView = { ...before, verdict: 'one', customer, grade: 'exact', candidates: [], word };
    set({ ...view, cards: view.cards.map((card) => (card.call === call ? { ...card, pop } : card)) });
  };

  const set = (next: PanelView) => panels.say((view = next));
  const change = (call: string, how: (card: CardView) => CardView) => set({ ...view, cards: view.cards.map((card) => (card.call === call ? how(card) : card)) });
  const withOpen = (card: CardView, open: OpenItemView[]): CardView => {
    const complaint = open.some(({ what }) => what.kind === 'ticket' && what.about === 'complaint');
    const paused: Pause[] = [...card.pop.paused.filter((pause) => pause !== 'complaint'), ...(complaint ? (['complaint'] as const) : [])];
    return { ...card, pop: { ...card.pop, open, paused } };
  };
  /** What was settled, for whoever takes that back. */
  const settled: { call: string; item: OpenItemView }[] = [];
  const settle = (is: (what: OpenWhat) => boolean, away: boolean) => {
    for (const card of view.cards) {
      const items = away ? card.pop.open.filter(({ what }) => is(what)) : settled.filter(({ call, item }) => call === card.call && is(item.what)).map(({ item }) => item);
      if (away) settled.push(...items.map((item) => ({ call: card.call, item })));
      if (items.length > 0) change(card.call, (card) => withOpen(card, away ? card.pop.open.filter((item) => !items.includes(item)) : [...items, ...card.pop.open]));
    }
  };
  const reviews: Reviews = new Map();
  let count = 20;
  if (!still) play(() => view, set);

  return {
    async panelState() {
      handle(name);
      return structuredClone(view);
    },
    async saveNote(call, text): Promise<NoteView> {
      if (name === 'not-saved') throw { code: 'journal', said: [{ key: 'refused.journal_not_written', params: {} }], message: '' };
      await new Promise((done) => setTimeout(done, 15));
      const note = { text, saved_at: new Date().toISOString() };
      view = { ...view, cards: view.cards.map((card) => (card.call === call ? { ...card, note } : card)) };
      log = log.map((row) => (row.call === call ? { ...row, note: text } : row));
      logs.say();
      return note;
    },
    closeCard: async (call) => set({ ...view, cards: view.cards.filter((card) => card.call !== call) }),
    dismissMissed: async (call) => set({ ...view, missed: view.missed.filter((missed) => missed.call !== call) }),
    hidePanel: async () => undefined,
    wantKeyboard: async () => undefined,
    async chooseCustomer(call, reference) {
      const found = card(call)?.pop.candidates.find(({ customer }) => customer.reference === reference);
      if (found) say(call, 'chosen', found.customer);
    },
    async linkCustomer(call, reference) {
      const found = customers().find((customer) => customer.reference === reference);
      if (found) say(call, 'linked', found);
    },
    async createCustomer(call, { name, company, email }, number) {
      if (!name.trim() && !company.trim()) throw { code: 'no_name', message: 'enter a name or a company' };
      if (email && !email.includes('@')) throw { code: 'bad_email', message: 'not an e-mail address' };
      if (number && !/^[+\d][\d ()/-]{4,}$/.test(number.trim())) throw { code: 'bad_number', message: 'not a telephone number' };
      const customer = { reference: `desk/${made.length + 1}`, name: name.trim() || company.trim(), company: name.trim() && company.trim() ? company.trim() : null, city: null, country: null };
      made.push(customer);
      say(call, 'created', customer);
    },
    async takeBack(call) {
      const before = said.get(call);
      if (before) set({ ...view, cards: view.cards.map((card) => (card.call === call ? { ...card, pop: before } : card)) });
    },
    async searchCustomers(typed) {
      const begun = words(typed);
      const fits = (text: string) => begun.every((word) => words(text).some((one) => one.startsWith(word)));
      const found = customers().filter(({ name, company }) => begun.length > 0 && fits(`${name} ${company ?? ''}`));
      return found.slice(0, 8).map((customer) => ({ customer, by: 'name' as const, text: customer.name }));
    },
    async uncover(call) {
      const at = new Date().toISOString();
      const change = (card: PanelView['cards'][number]) => (card.call === call ? { ...card, pop: covered(Date.now()).uncovered(at) } : card);
      set({ ...view, cards: view.cards.map(change) });
    },
    drafting: async () => undefined,
    async afterCall(): Promise<AfterCallView> {
      return { dispositions: ['order', 'question', 'complaint', 'ring_back', 'wrong_number', 'no_result'].map((code) => ({ code, name: null })), templates: TEMPLATES, keys: {} };
    },
    setDisposition: async (call, code) => change(call, (card) => ({ ...card, disposition: code })),
    readWhen: async (text) => readWhen(text, Date.now()),
    planTask: async (call, { kind, due, text }) => change(call, (card) => withOpen(card, [task(++count, kind, text.trim(), Date.parse(due), call, Date.now()), ...card.pop.open])),
    async finishTask(id, done) {
      const before = demoToday(Date.now(), log).tasks.find((task) => task.id === id);
      day = { ...day, tasks: done || !before ? day.tasks.filter((task) => task.id !== id) : [before, ...day.tasks] };
      logs.say();
      settle((what) => what.kind === 'task' && what.id === id, done);
    },
    async dropTask(id) {
      settle((what) => what.kind === 'task' && what.id === id, true);
    },
    openTicket: async (call, { kind, priority, subject }) => change(call, (card) => withOpen(card, [...card.pop.open, { ...ticket(++count, kind, priority, subject, call, Date.now()), origin: { source: '101', at: new Date().toISOString() } }])),
    async moveTicket(id, to) {
      settle((what) => what.kind === 'ticket' && what.id === id, to === 'closed');
    },
    answerOffer: async (call, product, answer) => change(call, (card) => ({ ...card, pop: { ...card.pop, suggestions: card.pop.suggestions.map((one) => (one.product === product ? { ...one, answer } : one)) } })),
    stayOpen: async (call) => set({ ...view, cards: view.cards.map((card) => (card.call === call ? { ...card, closes_at: null } : card)) }),
    async callLog(before, limit) {
      const from = before === null ? 0 : log.findIndex(({ call }) => call === before) + 1;
      return log.slice(from, from + limit);
    },
    today: async () => structuredClone({ ...day, calls: demoToday(Date.now(), log).calls }),
    board: async () => structuredClone(demoBoard(Date.now(), day)),
    lastHour: async (queue) => demoHour(queue, Date.now()),
    todaySoFar: async () => demoSoFar(Date.now()),
    feedsHeard: async () => demoHeard(Date.now()),
    async giveMissed(call, line) {
      const due = new Date(Date.now() + 900_000).toISOString();
      const person = day.missed.find((one) => one.call === call);
      const task = { id: 100 + ++count, todo: 'callback' as const, text: '', customer: person?.customer ?? null, number: person?.number ?? null, due, planned: new Date().toISOString(), line, mine: lines.includes(line) };
      day = { ...day, tasks: [...day.tasks, task], missed: day.missed.map((one) => (one.call === call ? { ...one, given: { line, name: demoName(line), due } } : one)) };
      logs.say();
    },
    async closeMissed(call, closed) {
      const missed = demoToday(Date.now(), log).missed.filter((one) => one.call !== call || !closed);
      day = { ...day, missed };
      logs.say();
    },
    async snoozeTask(id) {
      const due = new Date(Date.now() + 600_000).toISOString();
      day = { ...day, tasks: day.tasks.map((task) => (task.id === id ? { ...task, due } : task)) };
      logs.say();
    },
    tickets: async (filter, behind, limit) => pageOf(filtered(tickets, filter), behind, limit),
    async ticket(id) {
      const found = tickets.find(({ row }) => row.id === id);
      if (!found) throw { code: 'no_such_ticket', said: [{ key: 'refused.no_such_ticket', params: {} }], message: '' };
      return found;
    },
    async changeTicket(id, change) {
      tickets = tickets.map((one) => (one.row.id === id ? changed(one, change, new Date().toISOString()) : one));
      return tickets.find(({ row }) => row.id === id)!;
    },
    async newTicket(reference, { kind, priority, subject }) {
      const customer = customers().find((one) => one.reference === reference) ?? null;
      const row = { ...tickets[0]!.row, id: 330 + ++count, about: kind, priority, subject, customer, state: 'open' as const, assignee: '', mine: false, due: null, closed: null, opened: new Date().toISOString() };
      tickets = [{ row, entries: [] }, ...tickets];
      return tickets[0]!;
    },
    async searchAll(typed) {
      const fits = (text: string) => words(typed).every((word) => words(text).some((one) => one.startsWith(word)));
      const found = customers().filter(({ name, company }) => fits(`${name} ${company ?? ''}`)).slice(0, 8);
      const notes = log.filter(({ note }) => note && fits(note)).slice(0, 5).map(({ call, at, customer, number, note }) => ({ call, at, customer, number, text: note }));
      const products = SUGGESTIONS.filter(({ name }) => fits(name)).map(({ product, name, price }) => ({ key: product, name, category: '', price, discontinued: false, out_of_stock: null }));
      return { customers: found.map((customer) => ({ customer, by: 'name' as const, text: customer.name })), tickets: filtered(tickets, { state: 'all', about: null, priority: null, assignee: 'anyone', text: typed }).slice(0, 5), notes, products };
    },
    async customerPage(reference) {
      const customer = customers().find((one) => one.reference === reference);
      if (!customer) throw { code: 'no_such_customer', said: [{ key: 'refused.no_such_customer', params: {} }], message: '' };
      const page = demoCustomer(customer, Date.now());
      const tasks = [...planned.filter((task) => task.customer?.reference === reference), ...page.history.tasks];
      return { ...page, history: { ...page.history, timeline: [...(written.get(reference) ?? []), ...page.history.timeline], tasks } };
    },
    history: async () => ({ timeline: [], next: null, tasks: [], tickets: [] }),
    orders: async () => ({ orders: [], next: null }),
    async addContact(reference, { at, ...contact }) {
      const what = { kind: 'contact' as const, id: 100 + ++count, line: '101', ...contact };
      written.set(reference, [{ at, what }, ...(written.get(reference) ?? [])]);
    },
    async dropContact(id) {
      for (const [reference, events] of written) written.set(reference, events.filter(({ what }) => what.kind !== 'contact' || what.id !== id));
    },
    async planFor(reference, { kind, due, text }, number) {
      const customer = customers().find((one) => one.reference === reference) ?? null;
      planned.push({ id: 100 + ++count, todo: kind, text, customer, number: number || null, due, planned: new Date().toISOString(), line: '101', mine: true });
    },
    async knownOf(reference) {
      const customer = customers().find((one) => one.reference === reference);
      if (!customer) throw { code: 'no_such_customer', said: [{ key: 'refused.no_such_customer', params: {} }], message: '' };
      return demoKnown(customer);
    },
    giveOut: async (reference) => ({ path: `/home/you/Downloads/ringside-${reference.replace(/\W/g, '-')}.json`, rows: 180 }),
    async erasePerson(reference, typed) {
      const customer = customers().find((one) => one.reference === reference);
      if (typed.trim() !== customer?.name) throw { code: 'another_name', said: [{ key: 'refused.another_name', params: {} }], message: '' };
    },
    filters: async (page) => saved.filter((one) => one.page === page).map(({ name, filter }) => ({ name, filter })),
    async keepFilter(page, name, filter) {
      saved = [...saved.filter((one) => one.page !== page || one.name !== name), ...(filter === null ? [] : [{ page, name, filter }])];
    },
    session: async () => people.view(),
    signIn: async (name, pin) => people.signIn(name, pin),
    signOut: async () => people.signOut(),
    lockDesk: async () => people.lock(),
    atTheDesk: async () => present.say(),
    users: async () => people.users(),
    addUser: async (user, pin) => people.add(user, pin),
    changeUser: async (id, user) => people.change(id, user),
    setPin: async (id, pin) => people.setPin(id, pin),
    removeUser: async (id) => people.remove(id),
    lines: async () => [...lines],
    setLines: async (next) => void (lines = [...next]),
    // The phone is taken after a while.
    dial: async () => void (await new Promise((done) => setTimeout(done, 1500))),
    async setQuiet(on, minutes) {
      const until = minutes === null ? null : new Date(Date.now() + minutes * 60_000).toISOString();
      set({ ...view, quiet: on ? { since: new Date().toISOString(), until } : null });
    },
    openedLink: async () => link,
    closeLink: async () => void (link = null),
    system: async () => ({ windows: 'x11', tray: true, shortcut: 'Ctrl Alt R', shortcut_said: [], start_at_login: startsAtLogin }),
    setStartAtLogin: async (on) => void (startsAtLogin = on),
    dragPanel: async () => undefined,
    webhookFeeds: async () => ['sipgate', 'zammad'],
    tryWebhook: async (feed, text) => trialOf(feed, text),
    async why(call) {
      const row = log.find((one) => one.call === call);
      return row ? whyOf(row) : whyNot(new Date().toISOString());
    },
    adviceReport: async () => demoAdvice(),
    callReport: async (request) => demoReport(request, Date.now()),
    exportCallReport: async (_request, part) => `/home/you/Downloads/ringside-${part ?? 'report'}-2026-11-18-7d.${part ? 'csv' : 'xlsx'}`,
    async logRows(filter, before, limit) {
      const rows = filteredLog(log.map((row) => demoRow(row, reviews)), filter, Date.now());
      const from = before === null ? 0 : rows.findIndex(({ row }) => row.call === before) + 1;
      return rows.slice(from, from + limit);
    },
    logChoices: async () => ({ agents: ['101', '102', '104'], queues: ['Orders', 'Sales line'] }),
    logLink: async (filter) => demoLink(filter),
    async story(call) {
      const row = log.find((one) => one.call === call);
      if (!row) throw { code: 'no_such_call', said: [{ key: 'refused.no_such_call', params: {} }], message: '' };
      return demoStory(row, reviews);
    },
    async commentCall(call, text) {
      commented(reviews, call, text, new Date().toISOString());
      logs.say();
      return demoStory(log.find((one) => one.call === call)!, reviews);
    },
    async markCall(call, mark) {
      marked(reviews, call, mark, new Date().toISOString());
      logs.say();
      return demoStory(log.find((one) => one.call === call)!, reviews);
    },
    auditTrail: async (request, before) => demoAudit(demoTrail(420, Date.now()), request, before),
    exportAudit: async () => '/home/you/Downloads/ringside-audit-2026-11-24.csv',
    numberHealth: async () => demoHealth(Date.now()),
    exportNumberHealth: async () => '/home/you/Downloads/ringside-numbers-2026-11-24.csv',
    sources: async () => sources.map((source) => ({ ...source })),
    async syncSource(name, allowDeletes) {
      sources = sources.map((source) => (source.name !== name ? source : read(source, allowDeletes, Date.now())));
    },
    unwritten: async () => unwritten.map((entry) => ({ ...entry })),
    async writeAgain(id) {
      unwritten = unwritten.map((entry) => (entry.id !== id ? entry : triedAgain(entry, Date.now())));
    },
    async dropUnwritten(id) {
      unwritten = unwritten.filter((entry) => entry.id !== id);
    },
    campaigns: async () => campaigns.all(),
    tiers: async () => ['Gold', 'Silver'],
    pick: async (_pick, limit) => campaigns.pick(limit),
    newCampaign: async (campaign, picked) => campaigns.make(campaign, picked),
    campaignEntries: async (campaign, state, offset, limit) => campaigns.entries(campaign, state).slice(offset, offset + limit),
    campaignWork: async (campaign, entry) => campaigns.work(campaign, entry),
    async campaignTry(entry, attempt) {
      const work = campaigns.attempt(entry, attempt);
      logs.say();
      return work;
    },
    closeCampaign: async (campaign, closed) => campaigns.close(campaign, closed),
    async linkRecords() {
      logs.say();
      return [];
    },
    undoLink: async () => logs.say(),
    partRecord: async () => logs.say(),
    settings: async () => sheet,
    async changeSettings(_revision, changes) {
      const answer = changedSheet(sheet, changes);
      return ((sheet = answer.sheet), answer);
    },
    keepSecret: async (name) => `keyring:${name}`,
    restart: async () => location.reload(),
    tryPhoneSystem: async () => null,
    phoneSystemHeard: async () => ({ up: true, refused: false, said: [], after_ms: 28, lines: ['101', '102', '104'], calls: 2, at: new Date().toISOString() }),
    endPhoneTrial: async () => undefined,
    dataFiles: async () => [{ path: '/home/you/Downloads/kupci-2026.xlsx', name: 'kupci-2026.xlsx', changed: new Date().toISOString() }],
    chooseFile: async () => '/home/you/Downloads/kupci-2026.xlsx',
    previewFile: async (_path, maps, leftOut) => demoPreview(maps, leftOut),
    importSource: async () => ({ records: 1412, ...demoRefused() }),
    async pretendCall(step) {
      const ringing = stateNamed('ringing', Date.now())!;
      set(step === 'hang_up' ? stateNamed('idle', Date.now())! : { ...ringing, cards: ringing.cards.slice(0, 1).map((card) => ({ ...card, call: '(pretend):1' })) });
    },
    notices: async () => (name === 'code' ? [{ kind: 'recovery_code' as const, code: '7K3M-Q9ZD-4XWB-H2VN-0PTC-R6YF-A' }] : []),
    closeNotice: async () => undefined,
    painted: async () => undefined,
    // A browser's window does not follow: the wish is only written down.
    resizePanel: async (height) => {
      document.documentElement.dataset.wanted = String(height);
      return Math.min(height, innerHeight);
    },
    onPanel: (ear) => panels.hear(ear),
    onCallLogChanged: (ear) => logs.hear(ear),
    onAtTheDesk: (ear) => present.hear(ear),
    onMark: (ear) => marks.hear(ear),
    onLink: (ear) => links.hear(ear),
  };
}
