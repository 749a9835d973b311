/* Two sources as they may stand: one up to date, one that suddenly lacks many of its customers. */
import type { SourceView } from '../generated/SourceView';
import type { UnwrittenView } from '../generated/UnwrittenView';

const HOUR = 3_600_000;

export function demoSources(now: number): SourceView[] {
  const at = (ago: number) => new Date(now - ago).toISOString();
  const calm = { stream: null, done: 0, total: null, trouble: [], held: [] };
  return [
    { ...calm, name: 'tryton', state: 'running', stream: 'parties', done: 400, total: 1000, customers: 1000, checked: at(HOUR / 4), next: at(-HOUR / 4) },
    { ...calm, name: 'newsletter', state: 'idle', customers: 812, checked: at(2 * HOUR), next: null, held: [{ stream: 'customers', records: 406 }] },
    { ...calm, name: 'shop', state: 'failed', customers: 2310, checked: at(50 * HOUR), next: at(-HOUR), trouble: [{ key: 'import.not_there', params: { path: '/srv/shop' } }, { key: 'import.data_stays', params: {} }] },
  ];
}

/** The source once it was read. */
export function read(source: SourceView, allowDeletes: boolean, now: number): SourceView {
  const gone = allowDeletes ? source.held.reduce((sum, { records }) => sum + records, 0) : 0;
  return { ...source, state: 'idle', trouble: [], customers: source.customers - gone, held: allowDeletes ? [] : source.held, checked: new Date(now).toISOString() };
}

/** One call that its source did not take, and one that is not due yet. */
export function demoUnwritten(now: number): UnwrittenView[] {
  const at = (ago: number) => new Date(now - ago).toISOString();
  const call = (id: number) => ({ id, call: `demo:${id}`, source: 'tryton', customer: `tryton/${id}`, is_there: false });
  return [
    { ...call(2), name: 'Marta Kovač', began: at(HOUR), trouble: [{ key: 'unwritten.of', params: { system: 'Tryton', what: 'a note of the party', why: [{ key: 'import.http_right', params: { code: '403', said: '' } }] } }], waits_for_you: true, next: null },
    { ...call(3), name: 'Luka Horvat', began: at(HOUR / 30), trouble: [], waits_for_you: false, next: at(-HOUR / 60) },
  ];
}

/** The entry once somebody said that it is to be tried again. */
export function triedAgain(entry: UnwrittenView, now: number): UnwrittenView {
  return { ...entry, waits_for_you: false, next: new Date(now).toISOString() };
}
