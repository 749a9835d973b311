/* What the other records of a customer say where it is not what stands there. */
import type { OtherBalance } from '../generated/OtherBalance';
import type { PopView } from '../generated/PopView';
import type { RecordView } from '../generated/RecordView';
import { age, money } from './format';
import { t, type Key } from './words';

export type Difference = { id: string; words: string };

const FACTS: { key: Key; of: (record: RecordView) => string | null; shown: (pop: PopView) => (string | null | undefined)[] }[] = [
  { key: 'differs.name', of: (record) => record.name, shown: ({ customer }) => [customer?.name] },
  { key: 'differs.company', of: (record) => record.company, shown: ({ customer }) => [customer?.company, customer?.name] },
  { key: 'differs.city', of: (record) => record.city, shown: ({ customer }) => [customer?.city] },
];

/** Upper case and space are no difference. */
const plain = (text: string) => text.toLocaleLowerCase().replace(/\s+/g, ' ').trim();

export function differences(pop: PopView, now: number): Difference[] {
  if (!pop.customer) return [];
  return [...facts(pop, now), ...(pop.balance?.others ?? []).map((other) => owes(other, now))];
}

const owes = ({ open, origin: { source, at } }: OtherBalance, now: number): Difference => ({
  id: `${source} balance`,
  words: t('differs.balance', { source, value: money(open), age: age(at, now) }),
});

function facts(pop: PopView, now: number): Difference[] {
  return pop.records.flatMap((record) =>
    FACTS.flatMap(({ key, of, shown }) => {
      const value = of(record);
      const known = shown(pop).filter((text): text is string => !!text).map(plain);
      if (!value || known.length === 0 || known.includes(plain(value))) return [];
      const { source, at } = record.origin;
      return [{ id: `${record.reference} ${key}`, words: t(key, { source, value, age: age(at, now) }) }];
    }),
  );
}
