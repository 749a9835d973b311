/* The log as a supervisor reads it: the demo's calls with what a review asks beside each, and the story of one. */
import type { CallLogRow } from '../generated/CallLogRow';
import type { CommentView } from '../generated/CommentView';
import type { LogFilter } from '../generated/LogFilter';
import type { LogRowView } from '../generated/LogRowView';
import type { Mark } from '../generated/Mark';
import type { MarkView } from '../generated/MarkView';
import type { StoryEntryView } from '../generated/StoryEntryView';
import type { StoryView } from '../generated/StoryView';
import type { Trust } from '../generated/Trust';
import type { VerdictKind } from '../generated/VerdictKind';
import type { WhatView } from '../generated/WhatView';
import { DAY } from './people';

const QUEUES = ['Sales line', 'Orders'];
const TRUST: Trust[] = ['verified', 'unknown', 'not_verified_b', 'verified', 'failed'];

export interface Reviewed {
  comments: CommentView[];
  marks: MarkView[];
}
export type Reviews = Map<string, Reviewed>;

const numberOf = ({ call }: CallLogRow) => Number(call.replace(/\D/g, '')) || 0;
/** Every sixth call that was answered was passed on. */
const passed = (row: CallLogRow) => row.direction === 'in' && row.outcome === 'answered' && numberOf(row) % 6 === 0;

export function demoRow(row: CallLogRow, reviews: Reviews): LogRowView {
  const n = numberOf(row);
  const incoming = row.direction === 'in';
  const shared = row.customer !== null && n % 9 === 0;
  const verdict: VerdictKind = row.direction === 'internal' ? 'internal' : row.number === null ? 'withheld' : shared ? 'several' : row.customer ? 'one' : 'unknown';
  const { comments = [], marks = [] } = reviews.get(row.call) ?? {};
  return {
    row, verdict, said: shared, queue: incoming ? QUEUES[n % 2]! : null, talked: row.outcome !== 'answered' ? [] : passed(row) ? ['101', '102'] : ['101'], trust: incoming && row.number ? TRUST[n % TRUST.length]! : 'unknown',
    wait_seconds: incoming ? 4 + ((n * 7) % 40) : null, offered: 0, accepted: 0, mark: marks.at(-1)?.mark ?? null, comments: comments.length,
  };
}

/** What the filter lets through. */
export function filteredLog(rows: LogRowView[], filter: LogFilter, now: number): LogRowView[] {
  const { period } = filter;
  const from = period === null ? 0 : period.kind === 'days' ? new Date(now - (period.days - 1) * DAY).setHours(0, 0, 0, 0) : Date.parse(`${period.from}T00:00:00`);
  const until = period?.kind === 'between' ? Date.parse(`${period.until}T00:00:00`) + DAY : Infinity;
  const begun = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  const is = <T>(wish: T | null, value: T) => wish === null || wish === '' || wish === value;
  return rows.filter(({ row, queue, talked, verdict, mark }) => {
    const noted = row.note.toLowerCase().split(/[^\p{L}\p{N}]+/u);
    return (
      Date.parse(row.at) >= from && Date.parse(row.at) < until && is(filter.direction, row.direction) && is(filter.outcome, row.outcome) && is(filter.queue, queue ?? '') && is(filter.disposition, row.disposition ?? '') &&
      is(filter.customer, row.customer?.reference ?? '') && is(filter.marked, mark) && is(filter.matched, verdict === 'one') && (filter.agent === '' || [...row.rang, ...talked].includes(filter.agent)) && begun.every((word) => noted.some((one) => one.startsWith(word)))
    );
  });
}

/** The link as the shell makes it. */
export function demoLink(filter: LogFilter): string {
  const period = filter.period === null ? {} : filter.period.kind === 'days' ? { days: filter.period.days } : { from: filter.period.from, until: filter.period.until };
  const { direction, outcome, agent, queue, disposition: result, customer, matched, marked, words } = filter;
  const parts = Object.entries({ ...period, direction, outcome, agent, queue, result, customer, matched, marked, words }).filter(([, value]) => value !== null && value !== '');
  return `ringside://log/${parts.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join(';')}`;
}

export function demoStory(row: CallLogRow, reviews: Reviews): StoryView {
  const call = demoRow(row, reviews);
  const wait = call.wait_seconds ?? 5;
  const talk = row.talked_seconds ?? 0;
  const at = (seconds: number) => new Date(Date.parse(row.at) + seconds * 1000).toISOString();
  const phone = (seconds: number, event: WhatView, lasts: number | null = null): StoryEntryView => ({ at: at(seconds), line: null, what: { kind: 'phone', event, seconds: lasts } });
  const entries: StoryEntryView[] = [phone(0, { kind: 'began', direction: row.direction, number: row.number, name: null, called: row.called, origin: row.direction === 'in' ? null : '101' })];
  entries.push({ at: at(0), line: null, what: { kind: 'matched', verdict: call.verdict ?? 'unknown', customer: call.said ? null : (row.customer?.name ?? null) } });
  if (call.queue) entries.push(phone(0, { kind: 'queued', queue: call.queue }, wait));
  if (row.direction === 'in') entries.push(phone(1, { kind: 'ringing', phone: '101' }, wait - 1));
  if (row.outcome === 'answered') {
    if (call.queue) entries.push(phone(wait, { kind: 'unqueued', outcome: 'answered' }));
    const split = passed(row) ? Math.floor(talk / 2) : talk;
    entries.push(phone(wait, { kind: 'answered', phone: '101' }, split));
    if (call.said) entries.push({ at: at(wait + 6), line: '101', what: { kind: 'said', word: 'chosen', customer: row.customer?.name ?? null, before: null } });
    if (passed(row)) {
      entries.push(phone(wait + split - 20, { kind: 'held' }, 18), phone(wait + split - 2, { kind: 'resumed' }));
      entries.push(phone(wait + split, { kind: 'transferred', how: 'attended', by: '101', to: '102' }), phone(wait + split, { kind: 'answered', phone: '102' }, talk - split));
    }
  }
  if (row.note) entries.push({ at: at(wait + talk - 1), line: '101', what: { kind: 'note', text: row.note, earlier: [{ text: row.note.split(/[,.]/)[0]!, at: at(wait + 10), line: '101' }] } });
  entries.push(phone(wait + talk, { kind: 'ended', cause: row.outcome === 'answered' ? 'normal' : 'no_answer', by: row.outcome === 'answered' ? 'caller' : null }));
  if (row.disposition) entries.push({ at: at(wait + talk + 12), line: '101', what: { kind: 'disposition', code: row.disposition } });
  return { call, told: true, entries, others: [], comments: [], marks: [], ...reviews.get(row.call) };
}

/** What was written about a call, with this comment. */
export function commented(reviews: Reviews, call: string, text: string, at: string): void {
  const before = reviews.get(call) ?? { comments: [], marks: [] };
  reviews.set(call, { ...before, comments: [...before.comments, { at, by: 'Lucía Ferrer', text: text.trim() }] });
}

/** What was written about a call, with this mark. */
export function marked(reviews: Reviews, call: string, mark: Mark | null, at: string): void {
  const before = reviews.get(call) ?? { comments: [], marks: [] };
  reviews.set(call, { ...before, marks: [...before.marks, { at, by: 'Lucía Ferrer', mark }] });
}
