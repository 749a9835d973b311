import { beforeEach, describe, expect, it } from 'vitest';
import type { PopView } from '../generated/PopView';
import type { RecordView } from '../generated/RecordView';
import { differences } from '../shared/differs';
import { chooseLanguage } from '../shared/words';

const NOW = Date.parse('2026-11-24T18:00:00Z');
const record = (source: string, more: Partial<RecordView>): RecordView => ({
  reference: `${source}/1`, name: null, company: null, city: null, country: null, origin: { source, at: '2026-11-24T17:00:00Z' }, ...more,
});
const pop = (records: RecordView[]) =>
  ({ customer: { reference: 'erp/1', name: 'Ana Horvat', company: 'Optika d.o.o.', city: 'Split', country: 'HR' }, records }) as unknown as PopView;

beforeEach(() => chooseLanguage('en', ''));

describe('what other sources say', () => {
  it('stands with its source and age where it is something else', () => {
    const said = differences(pop([record('erp', { name: 'Ana Horvat', city: 'Split' }), record('news', { name: 'A. Horvat', city: 'Zadar' })]), NOW);
    expect(said.map(({ words }) => words)).toEqual([expect.stringMatching(/^news has the name A\. Horvat \(.+\)$/), expect.stringMatching(/^news has the town Zadar \(.+\)$/)]);
  });

  it('names another balance with its source, and only where the balance itself is shown', () => {
    const euro = (minor: number) => ({ minor, currency: 'EUR', digits: 2 });
    const origin = { source: 'shop', at: '2026-11-24T17:00:00Z' };
    const balance = { open: euro(5000), overdue: null, ageing: [], origin: { ...origin, source: 'books' }, others: [{ open: euro(9900), origin }] };
    const words = (said: PopView) => differences(said, NOW).map((one) => one.words);
    expect(words({ ...pop([]), balance })).toEqual([expect.stringMatching(/^shop has €99\.00 open \(.+\)$/)]);
    expect(words({ ...pop([]), balance: null })).toEqual([]);
  });

  it('is nothing where it is the same but for case and space, or where it is not known', () => {
    expect(differences(pop([record('news', { name: 'ana  HORVAT', company: 'Ana Horvat' })]), NOW)).toEqual([]);
    expect(differences({ ...pop([record('news', { name: 'X' })]), customer: null }, NOW)).toEqual([]);
  });
});
