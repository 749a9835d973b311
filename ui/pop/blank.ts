/*
 * The card that stands ready, out of sight, while there is no call: making the elements of a full panel is most of what a pop
 * costs, and filling them is little. It is as full as a panel usually gets, and nothing in it is anybody's.
 */
import type { CardView } from '../generated/CardView';
import type { MoneyView } from '../generated/MoneyView';
import type { OpenItemView } from '../generated/OpenItemView';
import type { Origin } from '../generated/Origin';
import type { SuggestionView } from '../generated/SuggestionView';

const AT = '2000-01-01T00:00:00Z';
const ORIGIN: Origin = { source: '', at: AT };
const MONTHS = Array.from({ length: 12 }, () => 1);
const amount = (minor: number): MoneyView => ({ minor, currency: 'EUR', digits: 2 });

const SUGGESTION: SuggestionView = {
  kind: 'cross_sell', product: '', name: '', price: amount(1), with_name: '', together: 1, of: 1, at_least_percent: null, chance_percent: null, every_days: null, due: null, answer: null,
};
const OPEN: OpenItemView = { what: { kind: 'source_ticket' }, subject: '', number: '', origin: ORIGIN, call: null };

export const BLANK: CardView = {
  call: '', state: 'ringing', direction: 'in', since: AT, talked_seconds: null, line: '', called: '', language: null, queue: null, handed_over: null, outcome: null,
  pop: {
    verdict: 'one', number: '0', caller_name: null, country: null, trust: 'unknown', grade: 'exact', why: null, customer: { reference: '', name: ' ', company: ' ', city: null, country: null }, candidates: [],
    balance: { open: amount(1), overdue: amount(1), ageing: [1, 1, 1, 1], origin: ORIGIN, others: [] },
    purchases: {
      orders: 1, first: AT, last: AT, last_order: '', last_value: amount(1), year: amount(1), year_before: amount(1), months: MONTHS, months_before: MONTHS, until: AT, origin: ORIGIN,
      lines: Array.from({ length: 10 }, () => ({ at: AT, order: '', product: '', name: '', quantity_milli: 1000, amount: amount(1) })),
    },
    relation: { segment: null, came_back: null, orders: null, value: null, every_days: null, overdue: false },
    suggestions: [SUGGESTION], paused: [], open: [OPEN], notes: [{ text: '', at: AT, line: '' }], covered: [], uncovered: null, shared_by: 1, word: null, tier: null, records: [],
  },
  note: { text: '', saved_at: null }, disposition: null, closes_at: null,
};
