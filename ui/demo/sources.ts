/* Two sources as they may stand: one up to date, one that suddenly lacks many of its customers. */
import type { SourceView } from '../generated/SourceView';

const HOUR = 3_600_000;

export function demoSources(now: number): SourceView[] {
  const at = (ago: number) => new Date(now - ago).toISOString();
  const calm = { stream: null, done: 0, total: null, trouble: null, held: [] };
  return [
    { ...calm, name: 'tryton', state: 'running', stream: 'parties', done: 400, total: 1000, customers: 1000, checked: at(HOUR / 4), next: at(-HOUR / 4) },
    { ...calm, name: 'newsletter', state: 'idle', customers: 812, checked: at(2 * HOUR), next: null, held: [{ stream: 'customers', records: 406 }] },
    { ...calm, name: 'shop', state: 'failed', customers: 2310, checked: at(50 * HOUR), next: at(-HOUR), trouble: 'cannot read /srv/shop: No such file or directory; its last data stays' },
  ];
}

/** The source once it was read. */
export function read(source: SourceView, allowDeletes: boolean, now: number): SourceView {
  const gone = allowDeletes ? source.held.reduce((sum, { records }) => sum + records, 0) : 0;
  return { ...source, state: 'idle', trouble: null, customers: source.customers - gone, held: allowDeletes ? [] : source.held, checked: new Date(now).toISOString() };
}
