/* Every state the panel can be in, by name. */
import type { CandidateView } from '../generated/CandidateView';
import type { CardState } from '../generated/CardState';
import type { CardView } from '../generated/CardView';
import type { FeedView } from '../generated/FeedView';
import type { OpenItemView } from '../generated/OpenItemView';
import type { PanelView } from '../generated/PanelView';
import type { PopView } from '../generated/PopView';
import type { Priority } from '../generated/Priority';
import type { TaskKind } from '../generated/TaskKind';
import type { TicketKind } from '../generated/TicketKind';
import { bare, DAY, euro, iso, MINUTE, PEOPLE, purchases, SUGGESTIONS } from './people';

export function card(call: string, state: CardState, pop: PopView, seconds: number, now: number, more: Partial<CardView> = {}): CardView {
  return {
    call, state, pop, direction: 'in', since: iso(now - seconds * 1000), talked_seconds: null, line: '101', called: 'Sales line', language: null, queue: null, handed_over: null, outcome: null,
    note: { text: '', saved_at: null }, disposition: null, closes_at: null, ...more,
  };
}

const sourceTicket = (subject: string, number: string, at: number): OpenItemView => ({ what: { kind: 'source_ticket' }, subject, number, origin: { source: 'Zammad', at: iso(at) }, call: null });

/** Something promised at line 101. */
export const task = (id: number, todo: TaskKind, subject: string, due: number, call: string | null, at: number): OpenItemView => ({ what: { kind: 'task', id, todo, due: iso(due) }, subject, number: '', origin: { source: '101', at: iso(at) }, call });

/** A ticket that was opened at line 102. */
export const ticket = (id: number, about: TicketKind, priority: Priority, subject: string, call: string | null, at: number): OpenItemView => ({ what: { kind: 'ticket', id, about, priority, state: 'open' }, subject, number: `desk-${id}`, origin: { source: '102', at: iso(at) }, call });

/** A regular customer whose balance is in order. */
export function bozena(now: number): PopView {
  return {
    ...bare(PEOPLE.bozena, '+385 21 555 014'),
    balance: { open: euro(41_860), overdue: null, ageing: [], origin: { source: 'Xero', at: iso(now - 12 * MINUTE) }, others: [] },
    purchases: purchases(now, 64, 2017, 10_458, now - 10 * DAY, 38_620),
    suggestions: SUGGESTIONS,
    open: [sourceTicket('Delivery day for 6 cases of olive oil', '321', now - 20 * MINUTE)],
    notes: [
      { text: 'Wants deliveries before 8:00; agreed for Tuesdays', at: iso(now - 13 * DAY), line: '101' },
      { text: 'Asked for the winter list', at: iso(now - 40 * DAY), line: '102' },
    ],
  };
}

/** A customer with overdue invoices. */
export function jurgen(now: number): PopView {
  return {
    ...bare(PEOPLE.jurgen, '+49 30 23125 118'),
    balance: { open: euro(241_860), overdue: euro(112_640), ageing: [129_220, 48_640, 64_000, 0], origin: { source: 'Xero', at: iso(now - 12 * MINUTE) }, others: [] },
    purchases: purchases(now, 38, 2021, 10_461, now - 6 * DAY, 61_290),
    suggestions: SUGGESTIONS,
    paused: ['overdue'], open: [sourceTicket('Pallet label unreadable, order 10439', '318', now - 20 * MINUTE)],
    notes: [{ text: 'Wants deliveries before 8:00; agreed for Tuesdays', at: iso(now - 15 * DAY), line: '101' }],
  };
}

const nobody = (verdict: PopView['verdict'], number: string | null): PopView => ({ ...bare(PEOPLE.bozena, ''), verdict, number, customer: null, grade: null, why: null, country: null, trust: 'unknown', shared_by: 0 });

function hotel(now: number): PopView {
  const at = (name: string, reference: string, days: number | null, more: Partial<CandidateView> = {}): CandidateView => ({
    customer: { reference, name, company: 'Hotel Marjan', city: 'Split', country: 'HR' }, grade: 'exact', why: { code: 'both_international', country: 'HR' }, last_contact: days === null ? null : iso(now - days * DAY),
    chosen: null, open_tickets: 0, ...more,
  });
  return {
    ...nobody('several', '+385 21 555 200'), trust: 'verified', country: 'HR', shared_by: 4,
    candidates: [at('Đurđica Šarić', 'CRM/1', 13, { chosen: { line: '102', at: iso(now - 13 * DAY), times: 2, last: true } }), at('Ante Perišić', 'CRM/2', 3, { open_tickets: 1 }), at('Zvonimir Babić', 'CRM/3', 51), at('Nikša Tomašević', 'CRM/4', null)],
  };
}

/** A number that only resembles one of the data. */
function perhaps(now: number): PopView {
  const customer = PEOPLE.jurgen;
  return { ...nobody('one', '+49 30 23125 118'), country: 'DE', shared_by: 1, candidates: [{ customer, grade: 'ambiguous', why: { code: 'stored_no_area', country: 'DE' }, last_contact: iso(now - 6 * DAY), chosen: null, open_tickets: 1 }] };
}

/** One of several, by the agent's word. */
function chosen(now: number): PopView {
  const { customer } = hotel(now).candidates[0]!;
  return { ...bozena(now), customer, number: '+385 21 555 200', shared_by: 4, word: { kind: 'chosen', line: '101', at: iso(now), in_this_call: true } };
}

const up = (now: number): FeedView => ({ name: 'asterisk', health: 'up', since: iso(now - 192 * MINUTE), said: [] });
const lost = (now: number): FeedView => ({ name: 'asterisk', health: 'lost', since: iso(now - 14 * MINUTE), said: [{ key: 'said.ami_closed', params: {} }] });
const refused = (now: number): FeedView => ({ name: 'asterisk', health: 'refused', since: iso(now - 2 * MINUTE), said: [{ key: 'said.ami_refused', params: { user: 'ringside', says: 'Authentication failed' } }] });
const missed = (now: number) => ({ call: 'm1', name: 'Łukasz Wójcik', company: 'Delikatesy Wójcik', number: '+48 12 555 01 62', at: iso(now - 16 * MINUTE), rang_seconds: 22 });
const wrappedUp = (now: number, seconds: number) => ({ talked_seconds: 408, outcome: 'answered' as const, closes_at: iso(now + (60 - seconds) * 1000) });

/** A caller whose number could not be confirmed: the view as it comes, and as it is once somebody uncovered it. */
export function covered(now: number) {
  const origin = { source: 'Xero', at: iso(now - 12 * MINUTE) };
  const known = { ...bare(PEOPLE.maria, '+34 944 555 031'), trust: 'failed' as const, purchases: purchases(now, 41, 2019, 10_466, now - 4 * DAY, 15_840),
    open: [sourceTicket('Two jars broken on arrival', '324', now - 90 * MINUTE)] };
  const view: PopView = { ...known, customer: { ...PEOPLE.maria, city: null, country: null }, covered: ['balance', 'address'] };
  const uncovered = (at: string): PopView => ({ ...known, balance: { open: euro(31_205), overdue: null, ageing: [], origin, others: [] }, suggestions: SUGGESTIONS.slice(0, 1), uncovered: { by: 'Marta', at } });
  return { view, uncovered };
}

const HOSTILE = '<img src=x onerror="document.title=\'broken\'"><b>Bobby</b>';

const STATES: Record<string, (now: number) => Partial<PanelView>> = {
  idle: () => ({}),
  ringing: (now) => ({ cards: [card('1', 'ringing', bozena(now), 3, now)] }),
  talking: (now) => ({ cards: [card('1', 'talking', bozena(now), 86, now)] }),
  overdue: (now) => ({ cards: [card('2', 'talking', jurgen(now), 86, now, { note: { text: 'Will pay invoice 2231 on Thursday, has the', saved_at: iso(now - 2000) } })] }),
  several: (now) => ({ cards: [card('3', 'ringing', hotel(now), 5, now)] }),
  perhaps: (now) => ({ cards: [card('19', 'ringing', perhaps(now), 3, now)] }),
  chosen: (now) => ({ cards: [card('3', 'talking', chosen(now), 25, now)] }),
  linked: (now) => ({ cards: [card('20', 'ringing', { ...bozena(now), word: { kind: 'linked', line: '102', at: iso(now - 19 * DAY), in_this_call: false } }, 3, now)] }),
  created: (now) => ({ cards: [card('4', 'talking', { ...bare(PEOPLE.kathe, '+49 30 23125 417'), trust: 'not_verified_b', word: { kind: 'created', line: '101', at: iso(now), in_this_call: true } }, 40, now)] }),
  unknown: (now) => ({ cards: [card('4', 'ringing', { ...nobody('unknown', '+49 30 23125 417'), trust: 'not_verified_b', country: 'DE', caller_name: 'STRAUSS K' }, 4, now)] }),
  withheld: (now) => ({ cards: [card('5', 'ringing', nobody('withheld', null), 2, now)] }),
  internal: (now) => ({ cards: [card('6', 'ringing', { ...nobody('internal', '102'), caller_name: 'Ivo Perić' }, 2, now, { direction: 'internal', called: '101' })] }),
  own: (now) => ({ cards: [card('7', 'ringing', nobody('own', '+385 1 5550 100'), 2, now, { called: '101' })] }),
  dialling: (now) => ({ cards: [card('8', 'dialling', bozena(now), 7, now, { direction: 'out' })] }),
  'handed-over': (now) => ({ cards: [card('17', 'ringing', bozena(now), 3, now, { queue: 'support', handed_over: { by: '101', kind: 'attended', note: { text: 'Wants the 6 cases before Friday; I promised to ask the depot.', at: iso(now - 40_000), line: '101' } } })] }),
  'handed-blind': (now) => ({ cards: [card('19', 'talking', { ...bare(PEOPLE.anais, '+33 1 99 00 41 17') }, 12, now, { handed_over: { by: null, kind: 'blind', note: null } })] }),
  taken: () => ({ gone: { call: '18', reason: 'answered_elsewhere', by: '102' } }),
  held: (now) => ({ cards: [card('9', 'held', bozena(now), 34, now)] }),
  failed: (now) => ({ cards: [card('10', 'talking', { ...bare(PEOPLE.maria, '+34 944 555 031'), trust: 'failed', purchases: purchases(now, 41, 2019, 10_466, now - 4 * DAY, 15_840) }, 18, now)] }),
  covered: (now) => ({ cards: [card('20', 'talking', covered(now).view, 18, now)] }),
  uncovered: (now) => ({ cards: [card('20', 'talking', covered(now).uncovered(iso(now - 5000)), 31, now)] }),
  tier: (now) => ({ cards: [card('22', 'talking', { ...bozena(now), tier: { name: 'Gold', entitles: 'Free delivery, goods on approval' } }, 18, now)] }),
  'tier-covered': (now) => ({ cards: [card('22', 'talking', { ...covered(now).view, covered: ['balance', 'address', 'tier'] }, 18, now)] }),
  two: (now) => ({
    cards: [
      card('11', 'ringing', bare(PEOPLE.anais, '+33 1 99 00 41 17'), 8, now),
      card('12', 'talking', { ...bozena(now), customer: PEOPLE.soren, number: '+45 86 55 50 14', trust: 'unknown', suggestions: [], open: [], notes: [] }, 252, now, { note: { text: 'Wants 40 boxes for 4 Dec, ask about', saved_at: iso(now - 2000) } }),
      card('13', 'wrap_up', bare(PEOPLE.zoe, '+40 264 555 017'), 60, now, { talked_seconds: 288, outcome: 'answered', note: { text: '12 × Manchego', saved_at: iso(now - 60_000) } }),
    ],
  }),
  'wrap-up': (now) => ({ cards: [card('1', 'wrap_up', bozena(now), 20, now, { ...wrappedUp(now, 22), note: { text: 'The 6 cases come with Tuesday’s lorry. Will use the payment link.', saved_at: iso(now - 9000) } })] }),
  'wrap-up-held': (now) => ({ cards: [card('1', 'wrap_up', bare(PEOPLE.bozena, '+385 21 555 014'), 20, now, { ...wrappedUp(now, 0), closes_at: null })] }),
  'wrap-up-done': (now) => ({ cards: [card('1', 'wrap_up', { ...bare(PEOPLE.bozena, '+385 21 555 014'), open: [
    task(7, 'follow_up', 'Check that the 6 cases arrived', now + 3 * DAY, '1', now), ticket(3, 'complaint', 'high', 'Two jars broken on arrival', '1', now)] }, 20, now, {
    ...wrappedUp(now, 0), closes_at: null, disposition: 'order', note: { text: 'Two jars broken, wants them replaced.', saved_at: iso(now - 9000) } })] }),
  struck: (now) => ({ cards: [card('1', 'wrap_up', bare(PEOPLE.bozena, '+385 21 555 014'), 20, now, { ...wrappedUp(now, 0), closes_at: null, note: { text: 'Wants to pay by card •••• •••• •••• 4242, will use the link instead.', saved_at: iso(now - 2000) } })] }),
  'follow-up': (now) => ({ cards: [card('1', 'wrap_up', bare(PEOPLE.bozena, '+385 21 555 014'), 20, now, { ...wrappedUp(now, 0), closes_at: null, disposition: 'order', note: { text: 'The 6 cases come with Tuesday’s lorry. Will use the payment link.', saved_at: iso(now - 9000) } })] }),
  'follow-up-unclear': (now) => ({ cards: [card('1', 'wrap_up', bare(PEOPLE.bozena, '+385 21 555 014'), 20, now, { ...wrappedUp(now, 0), closes_at: null })] }),
  ticket: (now) => ({ cards: [card('1', 'talking', bare(PEOPLE.bozena, '+385 21 555 014'), 95, now, { note: { text: 'Two jars broken on arrival', saved_at: iso(now - 2000) } })] }),
  templates: (now) => ({ cards: [card('1', 'talking', bare(PEOPLE.bozena, '+385 21 555 014'), 95, now, { note: { text: 'Asked when we open. ', saved_at: iso(now - 2000) } })] }),
  dispositions: (now) => ({ cards: [card('1', 'talking', bare(PEOPLE.bozena, '+385 21 555 014'), 95, now)] }),
  answered: (now) => ({ cards: [card('1', 'talking', { ...bozena(now), suggestions: SUGGESTIONS.map((one, i) => ({ ...one, answer: (['accepted', 'offered', null] as const)[i] ?? null })) }, 140, now)] }),
  complaint: (now) => ({ cards: [card('1', 'talking', { ...bozena(now), paused: ['complaint'], open: [ticket(3, 'complaint', 'high', 'Two jars broken on arrival', 'before', now - 2 * DAY), ...bozena(now).open] }, 40, now)] }),
  promised: (now) => ({ cards: [card('1', 'ringing', { ...bozena(now), open: [task(5, 'callback', 'Tell her the delivery day for 6 cases of olive oil', now - 5 * MINUTE, 'before', now - 5 * DAY), ...bozena(now).open] }, 3, now)] }),
  'not-saved': (now) => ({ cards: [card('1', 'talking', bare(PEOPLE.bozena, '+385 21 555 014'), 20, now)] }),
  missed: (now) => ({ missed: [missed(now), { ...missed(now), call: 'm0', at: iso(now - 75 * MINUTE), rang_seconds: 14 }] }),
  'missed-several': (now) => ({ missed: [missed(now), { call: 'm2', name: null, company: null, number: null, at: iso(now - 40 * MINUTE), rang_seconds: 9 }, { call: 'm3', name: null, company: null, number: '+49 30 23125 417', at: iso(now - 2 * DAY), rang_seconds: 31 }] }),
  lost: (now) => ({ feeds: [lost(now)], cards: [card('14', 'unsure', { ...bozena(now), customer: PEOPLE.cagla, number: '+49 221 5550 162', grade: 'national', why: { code: 'caller_national', country: 'DE' }, trust: 'unknown', suggestions: [], notes: [], balance: { open: euro(73_215), overdue: null, ageing: [], origin: { source: 'Xero', at: iso(now - 2 * DAY) }, others: [] } }, 760, now)] }),
  refused: (now) => ({ feeds: [refused(now), { ...up(now), name: 'webhook' }] }),
  stale: (now) => ({ cards: [card('21', 'talking', { ...bozena(now), balance: { ...bozena(now).balance!, origin: { source: 'Xero', at: iso(now - 3 * DAY) } }, purchases: { ...bozena(now).purchases!, origin: { source: 'Odoo', at: iso(now - 40 * DAY) } } }, 44, now)] }),
  contact: (now) => ({ cards: [card('15', 'ringing', { ...bare(PEOPLE.aoife, '+353 91 555 014'), trust: 'unknown', notes: [{ text: 'Asked when the winter list is out', at: iso(now - 19 * DAY), line: '101' }] }, 2, now)] }),
  hostile: (now) => ({ cards: [card('16', 'talking', { ...bozena(now), customer: { ...PEOPLE.bozena, name: HOSTILE, company: HOSTILE }, open: [{ ...sourceTicket(HOSTILE, HOSTILE, now), origin: { source: HOSTILE, at: iso(now) } }], notes: [{ text: HOSTILE, at: iso(now), line: '101' }] }, 12, now)] }),
};

/** The panel of a state; nothing for a name that is none. */
export function stateNamed(name: string, now: number): PanelView | null {
  const state = Object.hasOwn(STATES, name) ? STATES[name] : undefined;
  return state ? { cards: [], missed: [], gone: null, feeds: [up(now)], quiet: null, stale_after_seconds: 172_800, ...state(now) } : null;
}

export const STATE_NAMES = Object.keys(STATES);
export { missed };
