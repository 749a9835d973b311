/* A backend for tests: it records what it is asked, and says what it is told to say. */
import { demoAdvice } from '../demo/advice';
import { render } from '@testing-library/svelte';
import { tick } from 'svelte';
import { vi } from 'vitest';
import type { Backend } from '../backend';
import { demoBoard, demoHeard, demoHour } from '../demo/board';
import { demoAudit, demoTrail } from '../demo/audit';
import { demoReport, demoSoFar } from '../demo/report';
import { demoSheet } from '../demo/settings';
import type { AfterCallView } from '../generated/AfterCallView';
import type { CallLogRow } from '../generated/CallLogRow';
import type { PanelView } from '../generated/PanelView';
import Panel from '../pop/Panel.svelte';

/** The shop of the tests: the usual dispositions, one of its own, and a template. */
export const SHOP: AfterCallView = {
  dispositions: ['order', 'question', 'complaint', 'ring_back', 'wrong_number'].map((code) => ({ code, name: null as string | null })).concat({ code: 'sample', name: 'Sample sent' }),
  templates: [{ name: 'Opening hours', text: 'We are open Monday to Friday, 8 to 16.' }, { name: 'Payment link', text: 'Sent the payment link.' }],
  keys: {},
};

export type Asked = [command: string, ...args: unknown[]];

export function stage(view: PanelView, more: Partial<Backend> = {}) {
  const asked: Asked[] = [];
  let hearPanel: (view: PanelView) => void = () => undefined;
  let hearMark: (id: number) => void = () => undefined;
  let hearLog: () => void = () => undefined;
  let hearHere: () => void = () => undefined;
  let saves = 0;
  const note = (...entry: Asked) => void asked.push(entry);
  const backend: Backend = {
    panelState: async () => view,
    saveNote: async (call, text) => (note('saveNote', call, text), { text, saved_at: `2026-11-24T10:00:0${++saves % 10}Z` }),
    closeCard: async (call) => note('closeCard', call),
    dismissMissed: async (call) => note('dismissMissed', call),
    hidePanel: async () => note('hidePanel'),
    wantKeyboard: async () => note('wantKeyboard'),
    chooseCustomer: async (call, reference) => note('chooseCustomer', call, reference),
    uncover: async (call) => note('uncover', call),
    stayOpen: async (call) => note('stayOpen', call),
    drafting: async (call, on) => note('drafting', call, on),
    afterCall: async () => SHOP,
    setDisposition: async (call, code) => note('setDisposition', call, code),
    readWhen: async (text) => (note('readWhen', text), text === 'Fri 10:00' ? { kind: 'understood', at: '2026-11-27T10:00:00Z' } : { kind: 'unknown', word: text }),
    planTask: async (call, todo) => note('planTask', call, todo),
    finishTask: async (task, done) => note('finishTask', task, done),
    dropTask: async (task) => note('dropTask', task),
    openTicket: async (call, ticket) => note('openTicket', call, ticket),
    moveTicket: async (ticket, to) => note('moveTicket', ticket, to),
    answerOffer: async (call, product, answer) => note('answerOffer', call, product, answer),
    linkCustomer: async (call, reference) => note('linkCustomer', call, reference),
    createCustomer: async (call, customer, number) => note('createCustomer', call, customer, number),
    takeBack: async (call) => note('takeBack', call),
    searchCustomers: async (typed) => (note('searchCustomers', typed), []),
    callLog: async (): Promise<CallLogRow[]> => [],
    today: async () => ({ tasks: [], missed: [], reached: 0, calls: [], unfinished: [] }),
    closeMissed: async (call, closed) => note('closeMissed', call, closed),
    board: async () => demoBoard(Date.now(), { tasks: [], missed: [], reached: 0, calls: [], unfinished: [] }),
    lastHour: async (queue) => (note('lastHour', queue), demoHour(queue, Date.now())),
    todaySoFar: async (queue) => (note('todaySoFar', queue), demoSoFar(Date.now())),
    feedsHeard: async () => (note('feedsHeard'), demoHeard(Date.now())),
    giveMissed: async (call, line) => note('giveMissed', call, line),
    snoozeTask: async (task) => note('snoozeTask', task),
    tickets: async () => ({ rows: [], next: null }),
    ticket: async () => Promise.reject({ code: 'no_such_ticket', message: 'this ticket is gone' }),
    changeTicket: async (ticket, change) => (note('changeTicket', ticket, change), Promise.reject({ code: 'no_such_ticket', message: 'this ticket is gone' })),
    newTicket: async (customer, ticket) => (note('newTicket', customer, ticket), Promise.reject({ code: 'journal', message: 'the disk is full' })),
    searchAll: async (typed) => (note('searchAll', typed), { customers: [], tickets: [], notes: [], products: [] }),
    customerPage: async () => Promise.reject({ code: 'no_such_customer', message: 'this customer is not in the local data any more' }),
    history: async () => ({ timeline: [], next: null, tasks: [], tickets: [] }),
    orders: async () => ({ orders: [], next: null }),
    addContact: async (reference, contact) => note('addContact', reference, contact),
    dropContact: async (contact) => note('dropContact', contact),
    planFor: async (reference, todo, number) => note('planFor', reference, todo, number),
    filters: async () => [],
    keepFilter: async (page, name, filter) => note('keepFilter', page, name, filter),
    session: async () => ({ people: [], signed_in: null, locked: false, lock_minutes: 10 }),
    signIn: async (name, pin) => (note('signIn', name, pin), Promise.reject({ code: 'wrong_pin', message: 'that is not the PIN' })),
    signOut: async () => (note('signOut'), { people: [], signed_in: null, locked: false, lock_minutes: 10 }),
    lockDesk: async () => (note('lockDesk'), { people: [], signed_in: null, locked: false, lock_minutes: 10 }),
    atTheDesk: async () => undefined,
    users: async () => [],
    addUser: async (user, pin) => note('addUser', user, pin),
    changeUser: async (id, user) => note('changeUser', id, user),
    setPin: async (id, pin) => note('setPin', id, pin),
    removeUser: async (id) => note('removeUser', id),
    lines: async () => ['101'],
    setLines: async (lines) => note('setLines', lines),
    dial: async (number) => note('dial', number),
    setQuiet: async (on, minutes) => note('setQuiet', on, minutes),
    openedLink: async () => null,
    closeLink: async () => note('closeLink'),
    system: async () => ({ windows: 'x11', tray: true, shortcut: 'Ctrl Alt R', shortcut_said: [], start_at_login: false }),
    setStartAtLogin: async (on) => note('setStartAtLogin', on),
    dragPanel: async () => note('dragPanel'),
    webhookFeeds: async () => [],
    tryWebhook: async () => Promise.reject({ code: 'no_such_feed', message: 'there is no webhook feed' }),
    why: async () => Promise.reject({ code: 'no_traces', message: 'nothing is traced' }),
    numberHealth: async () => Promise.reject({ code: 'directory', message: 'the customer cache is damaged' }),
    exportNumberHealth: async () => (note('exportNumberHealth'), '/tmp/numbers.csv'),
    adviceReport: async () => demoAdvice(),
    callReport: async (request) => (note('callReport', request), demoReport(request, Date.now())),
    exportCallReport: async (request, part) => (note('exportCallReport', request, part), '/tmp/report.xlsx'),
    logRows: async (filter, before, limit) => (note('logRows', filter, before, limit), []),
    logChoices: async () => ({ agents: [], queues: [] }),
    logLink: async (filter) => (note('logLink', filter), 'ringside://log/'),
    story: async () => Promise.reject({ code: 'no_such_call', message: 'this call is not in the log' }),
    commentCall: async (call, text) => (note('commentCall', call, text), Promise.reject({ code: 'journal', message: 'the disk is full' })),
    markCall: async (call, mark) => (note('markCall', call, mark), Promise.reject({ code: 'journal', message: 'the disk is full' })),
    auditTrail: async (request, before) => (note('auditTrail', request, before), demoAudit(demoTrail(6, Date.now()), request, before)),
    exportAudit: async (request) => (note('exportAudit', request), '/tmp/audit.csv'),
    knownOf: async () => Promise.reject({ code: 'no_such_customer', message: 'this customer is not in the local data any more' }),
    giveOut: async (reference) => (note('giveOut', reference), null),
    erasePerson: async (reference, name) => note('erasePerson', reference, name),
    sources: async () => [],
    syncSource: async (name, allowDeletes) => note('syncSource', name, allowDeletes),
    unwritten: async () => [],
    writeAgain: async (id) => note('writeAgain', id),
    dropUnwritten: async (id) => note('dropUnwritten', id),
    campaigns: async () => [],
    tiers: async () => [],
    pick: async (pick, limit) => (note('pick', pick, limit), []),
    newCampaign: async (campaign, picked) => (note('newCampaign', campaign, picked), Promise.reject({ code: 'journal', message: 'the disk is full' })),
    campaignEntries: async () => [],
    campaignWork: async () => Promise.reject({ code: 'no_such_campaign', message: 'this campaign is gone' }),
    campaignTry: async (entry, attempt) => (note('campaignTry', entry, attempt), Promise.reject({ code: 'no_such_entry', message: 'gone' })),
    closeCampaign: async (campaign, closed) => (note('closeCampaign', campaign, closed), Promise.reject({ code: 'no_such_campaign', message: 'gone' })),
    linkRecords: async (one, other) => (note('linkRecords', one, other), []),
    undoLink: async (one, other, apart) => note('undoLink', one, other, apart),
    partRecord: async (reference) => note('partRecord', reference),
    settings: async () => demoSheet(),
    changeSettings: async (revision, changes) => (note('changeSettings', revision, changes), { wrong: null, sheet: demoSheet() }),
    keepSecret: async (name, secret) => (note('keepSecret', name, secret), `keyring:${name}`),
    restart: async () => note('restart'),
    tryPhoneSystem: async (revision, changes, feed) => (note('tryPhoneSystem', revision, changes, feed), null),
    phoneSystemHeard: async () => null,
    endPhoneTrial: async () => note('endPhoneTrial'),
    dataFiles: async () => [],
    chooseFile: async () => null,
    previewFile: async (path, maps, leftOut) => (note('previewFile', path, maps, leftOut), { tables: [], fields: [], ready: false }),
    importSource: async (name) => (note('importSource', name), { records: 0, refused: 0, examples: [], trouble: [] }),
    pretendCall: async (step, number) => note('pretendCall', step, number),
    notices: async () => [],
    closeNotice: async (notice) => note('closeNotice', notice.kind),
    painted: async (id) => note('painted', id),
    resizePanel: async (height) => height,
    onPanel: async (hear) => ((hearPanel = hear), () => undefined),
    onCallLogChanged: async (hear) => ((hearLog = hear), () => undefined),
    onAtTheDesk: async (hear) => ((hearHere = hear), () => undefined),
    onMark: async (hear) => ((hearMark = hear), () => undefined),
    onLink: async () => () => undefined,
    ...more,
  };
  return { backend, asked, say: (next: PanelView) => hearPanel(next), mark: (id: number) => hearMark(id), logChanged: () => hearLog(), atTheDesk: () => hearHere() };
}

/** The panel with this view on a stage, under a clock that is not real; `only` picks out what was asked by its commands. */
export async function open(view: PanelView, more: Partial<Backend> = {}) {
  const on = stage(view, more);
  const { container } = render(Panel, { backend: on.backend });
  await vi.advanceTimersByTimeAsync(0);
  const say = async (next: PanelView) => (on.say(next), tick());
  const only = (...commands: string[]) => on.asked.filter(([command]) => commands.includes(command));
  return { ...on, container, say, only };
}
