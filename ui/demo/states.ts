/* Every state the panel can be in, by name. */
import type { CardState } from '../generated/CardState';
import type { CardView } from '../generated/CardView';
import type { FeedView } from '../generated/FeedView';
import type { PanelView } from '../generated/PanelView';
import type { PopView } from '../generated/PopView';
import { bare, DAY, euro, iso, MINUTE, PEOPLE, purchases, SUGGESTIONS } from './people';

export function card(call: string, state: CardState, pop: PopView, seconds: number, now: number, more: Partial<CardView> = {}): CardView {
  return {
    call, state, pop, direction: 'in', since: iso(now - seconds * 1000), talked_seconds: null, line: '101', called: 'Sales line', language: null, queue: null, handed_over: null, outcome: null,
    note: { text: '', saved_at: null }, ...more,
  };
}

/** A regular customer whose balance is in order. */
export function bozena(now: number): PopView {
  return {
    ...bare(PEOPLE.bozena, '+385 21 555 014'),
    balance: { open: euro(41_860), overdue: null, ageing: [], origin: { source: 'Xero', at: iso(now - 12 * MINUTE) } },
    purchases: purchases(now, 64, 2017, 10_458, now - 10 * DAY, 38_620),
    suggestions: SUGGESTIONS,
    open: [{ subject: 'Delivery day for 6 cases of olive oil', number: '321', origin: { source: 'Zammad', at: iso(now - 3 * DAY + 60 * MINUTE) } }],
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
    balance: { open: euro(241_860), overdue: euro(112_640), ageing: [129_220, 48_640, 64_000, 0], origin: { source: 'Xero', at: iso(now - 12 * MINUTE) } },
    purchases: purchases(now, 38, 2021, 10_461, now - 6 * DAY, 61_290),
    suggestions: SUGGESTIONS,
    open: [{ subject: 'Pallet label unreadable, order 10439', number: '318', origin: { source: 'Zammad', at: iso(now - 20 * MINUTE) } }],
    notes: [{ text: 'Wants deliveries before 8:00; agreed for Tuesdays', at: iso(now - 15 * DAY), line: '101' }],
  };
}

const nobody = (verdict: PopView['verdict'], number: string | null): PopView => ({ ...bare(PEOPLE.bozena, ''), verdict, number, customer: null, grade: null, why: null, country: null, trust: 'unknown' });

function hotel(now: number): PopView {
  const at = (name: string, reference: string, days: number | null) => ({
    customer: { reference, name, company: 'Hotel Marjan', city: 'Split', country: 'HR' }, grade: 'exact' as const, why: { code: 'both_international' as const, country: 'HR' }, last_contact: days === null ? null : iso(now - days * DAY),
  });
  return {
    ...nobody('several', '+385 21 555 200'), trust: 'verified', country: 'HR',
    candidates: [at('Ante Perišić', 'CRM/1', 3), at('Đurđica Šarić', 'CRM/2', 13), at('Zvonimir Babić', 'CRM/3', 51), at('Nikša Tomašević', 'CRM/4', null)],
  };
}

/** One customer whom the number may mean: nothing of them is shown before the agent says so. */
function hint(now: number): PopView {
  const candidate = { customer: PEOPLE.bozena, grade: 'ambiguous' as const, why: { code: 'caller_no_area' as const, country: 'HR' }, last_contact: iso(now - 3 * DAY) };
  return { ...nobody('several', '+385 21 555 014'), country: 'HR', candidates: [candidate] };
}

const up = (now: number): FeedView => ({ name: 'asterisk', health: 'up', since: iso(now - 192 * MINUTE), detail: null });
const lost = (now: number): FeedView => ({ name: 'asterisk', health: 'lost', since: iso(now - 14 * MINUTE), detail: 'pbx.example:5038 closed the connection. Next try in 8 s.' });
const refused = (now: number): FeedView => ({ name: 'asterisk', health: 'refused', since: iso(now - 2 * MINUTE), detail: 'Authentication failed: check user and password of [feeds.asterisk] in config.toml.' });
const missed = (now: number) => ({ call: 'm1', name: 'Łukasz Wójcik', company: 'Delikatesy Wójcik', number: '+48 12 555 01 62', at: iso(now - 16 * MINUTE), rang_seconds: 22 });
const HOSTILE = '<img src=x onerror="document.title=\'broken\'"><b>Bobby</b>';

const STATES: Record<string, (now: number) => Partial<PanelView>> = {
  idle: () => ({}),
  ringing: (now) => ({ cards: [card('1', 'ringing', bozena(now), 3, now)] }),
  talking: (now) => ({ cards: [card('1', 'talking', bozena(now), 86, now)] }),
  overdue: (now) => ({ cards: [card('2', 'talking', jurgen(now), 86, now, { note: { text: 'Will pay invoice 2231 on Thursday, has the', saved_at: iso(now - 2000) } })] }),
  several: (now) => ({ cards: [card('3', 'ringing', hotel(now), 5, now)] }),
  hint: (now) => ({ cards: [card('19', 'ringing', hint(now), 5, now)] }),
  unknown: (now) => ({ cards: [card('4', 'ringing', { ...nobody('unknown', '+49 30 23125 417'), trust: 'not_verified_b', country: 'DE', caller_name: 'STRAUSS K' }, 4, now)] }),
  withheld: (now) => ({ cards: [card('5', 'ringing', nobody('withheld', null), 2, now)] }),
  internal: (now) => ({ cards: [card('6', 'ringing', { ...nobody('internal', '102'), caller_name: 'Ivo Perić' }, 2, now, { direction: 'internal', called: '101' })] }),
  own: (now) => ({ cards: [card('7', 'ringing', nobody('own', '+385 1 5550 100'), 2, now, { called: '101' })] }),
  dialling: (now) => ({ cards: [card('8', 'dialling', bozena(now), 7, now, { direction: 'out' })] }),
  'handed-over': (now) => ({ cards: [card('17', 'ringing', bozena(now), 3, now, { queue: 'support', handed_over: { by: '101', kind: 'attended' } })] }),
  taken: () => ({ gone: { call: '18', reason: 'answered_elsewhere', by: '102' } }),
  held: (now) => ({ cards: [card('9', 'held', bozena(now), 34, now)] }),
  failed: (now) => ({ cards: [card('10', 'talking', { ...bare(PEOPLE.maria, '+34 944 555 031'), trust: 'failed', purchases: purchases(now, 41, 2019, 10_466, now - 4 * DAY, 15_840) }, 18, now)] }),
  two: (now) => ({
    cards: [
      card('11', 'ringing', bare(PEOPLE.anais, '+33 1 99 00 41 17'), 8, now),
      card('12', 'talking', { ...bozena(now), customer: PEOPLE.soren, number: '+45 86 55 50 14', trust: 'unknown', suggestions: [], open: [], notes: [] }, 252, now, { note: { text: 'Wants 40 boxes for 4 Dec, ask about', saved_at: iso(now - 2000) } }),
      card('13', 'wrap_up', bare(PEOPLE.zoe, '+40 264 555 017'), 60, now, { talked_seconds: 288, outcome: 'answered' }),
    ],
  }),
  'wrap-up': (now) => ({ cards: [card('1', 'wrap_up', bozena(now), 20, now, { talked_seconds: 408, outcome: 'answered', note: { text: 'The 6 cases come with Tuesday’s lorry. Will use the payment link.', saved_at: iso(now - 9000) } })] }),
  missed: (now) => ({ missed: [missed(now)] }),
  lost: (now) => ({ feeds: [lost(now)], cards: [card('14', 'unsure', { ...bozena(now), customer: PEOPLE.cagla, number: '+49 221 5550 162', grade: 'national', why: { code: 'caller_national', country: 'DE' }, trust: 'unknown', suggestions: [], notes: [], balance: { open: euro(73_215), overdue: null, ageing: [], origin: { source: 'Xero', at: iso(now - 2 * DAY) } } }, 760, now)] }),
  refused: (now) => ({ feeds: [refused(now), { ...up(now), name: 'webhook' }] }),
  contact: (now) => ({ cards: [card('15', 'ringing', { ...bare(PEOPLE.aoife, '+353 91 555 014'), trust: 'unknown', notes: [{ text: 'Asked when the winter list is out', at: iso(now - 19 * DAY), line: '101' }] }, 2, now)] }),
  hostile: (now) => ({ cards: [card('16', 'talking', { ...bozena(now), customer: { ...PEOPLE.bozena, name: HOSTILE, company: HOSTILE }, open: [{ subject: HOSTILE, number: HOSTILE, origin: { source: HOSTILE, at: iso(now) } }], notes: [{ text: HOSTILE, at: iso(now), line: '101' }] }, 12, now)] }),
};

/** The panel of a state; nothing for a name that is none. */
export function stateNamed(name: string, now: number): PanelView | null {
  const state = Object.hasOwn(STATES, name) ? STATES[name] : undefined;
  return state ? { cards: [], missed: [], gone: null, feeds: [up(now)], ...state(now) } : null;
}

export const STATE_NAMES = Object.keys(STATES);
export { missed };
