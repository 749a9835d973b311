/* What the demonstration knows of a person. */
import type { CustomerView } from '../generated/CustomerView';
import type { KnownKind } from '../generated/KnownKind';
import type { KnownView } from '../generated/KnownView';

const GOES: [KnownKind, number][] = [['records', 2], ['numbers', 3], ['orders', 41], ['invoices', 6], ['tickets', 4], ['notes', 9], ['stories', 57], ['contacts', 2], ['tasks', 3], ['suggestions', 5], ['traces', 4]];
const STAYS: [KnownKind, number][] = [['calls', 34], ['results', 7], ['audit', 3]];

export function demoKnown({ name, reference }: CustomerView): KnownView {
  const rows = (of: [KnownKind, number][], stays: boolean) => of.map(([kind, rows]) => ({ kind, rows, stays }));
  const shared = [{ number: '+49 30 23125 100', others: ['CRM/1120'] }];
  return { name, records: [reference, 'shop/9001'], rows: [...rows(GOES, false), ...rows(STAYS, true)], shared, files: ['/home/you/.local/share/ringside/customers.csv'] };
}
