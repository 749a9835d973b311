/* The demo shop's numbers, and what is wrong with some of them. */
import type { CustomerView } from '../generated/CustomerView';
import type { FindingView } from '../generated/FindingView';
import type { NumberHealthView } from '../generated/NumberHealthView';
import type { StoredView } from '../generated/StoredView';
import { PEOPLE } from './people';

const stored = (customer: CustomerView, raw: string, last: string | null = null): StoredView => ({ customer, raw, label: '', last });
const at = (now: number, days: number) => new Date(now - days * 86_400_000).toISOString();

/** The report on `customers` customers. */
export function demoHealth(now: number): NumberHealthView {
  const unreadable = (who: CustomerView, raw: string, why: FindingView['unreadable']): FindingView => ({ problem: 'unreadable', number: null, holders: 1, stored: [stored(who, raw)], unreadable: why });
  const board = Object.values(PEOPLE).slice(0, 6).map((who) => stored(who, '+49 30 23125 0', at(now, 20)));
  return {
    customers: 1284, numbers: 1732, unreadable: 3, shared: 1, shared_from: 5, own: 1, recycled: 1, cut: false,
    findings: [
      unreadable(PEOPLE.anais, '4.93012E+11', 'rounded'),
      unreadable(PEOPLE.soren, 'ask reception', 'not_a_number'),
      unreadable(PEOPLE.zoe, '+999 12 345 678', 'unknown_country'),
      { problem: 'shared', number: '+49 30 231250', holders: 14, stored: board, unreadable: null },
      { problem: 'own', number: '+49 30 23125 101', holders: 1, stored: [stored(PEOPLE.jurgen, '030 23125101')], unreadable: null },
      { problem: 'recycled', number: '+385 21 555 014', holders: 2, stored: [stored(PEOPLE.bozena, '+385 21 555 014', at(now, 1460)), stored(PEOPLE.aoife, '+385 21 555 014', at(now, 12))], unreadable: null },
    ],
  };
}
