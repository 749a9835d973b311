/* The rows of the call log that are loaded: page by page backwards, and the newest again when they change. */
import type { Backend } from '../backend';
import { why } from '../shared/said';
import type { CallLogRow } from '../generated/CallLogRow';

/** Rows a request. */
export const PAGE = 100;

export class CallLog {
  rows = $state.raw<CallLogRow[]>([]);
  /** The oldest row there is has been loaded. */
  complete = $state(false);
  /** Loaded at least once. */
  ready = $state(false);
  problem = $state<string | null>(null);

  readonly #backend: Backend;
  #busy: Promise<void> | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Reads the newest rows again and keeps those loaded below them. */
  refresh(): Promise<void> {
    return this.#after(async () => {
      const newest = await this.#backend.callLog(null, PAGE);
      if (newest.length < PAGE) this.complete = true;
      const fresh = new Set(newest.map(({ call }) => call));
      const oldest = newest.at(-1)?.at ?? '';
      const below = newest.length < PAGE ? [] : this.rows.filter(({ call, at }) => !fresh.has(call) && Date.parse(at) <= Date.parse(oldest));
      this.rows = [...newest, ...below];
      this.ready = true;
    });
  }

  /** Reads the rows before the oldest one that is loaded. */
  more(): Promise<void> {
    if (this.complete || !this.ready || this.#busy) return this.#busy ?? Promise.resolve();
    return this.#after(async () => {
      const earlier = await this.#backend.callLog(this.rows.at(-1)?.call ?? null, PAGE);
      const known = new Set(this.rows.map(({ call }) => call));
      this.rows = [...this.rows, ...earlier.filter(({ call }) => !known.has(call))];
      this.complete = earlier.length < PAGE;
    });
  }

  /** One request after the other, so that pages neither overlap nor swap. */
  #after(work: () => Promise<void>): Promise<void> {
    const run = async () => {
      try {
        await work();
        this.problem = null;
      } catch (error) {
        this.problem = why(error);
      }
    };
    const busy = (this.#busy ?? Promise.resolve()).then(run);
    this.#busy = busy;
    void busy.then(() => {
      if (this.#busy === busy) this.#busy = null;
    });
    return busy;
  }
}

/** A row of the list: a call, or, without one, the heading of a day, with the time of its latest call. */
export interface LogItem {
  key: string;
  at: string;
  row: CallLogRow | null;
}

const days = new WeakMap<CallLogRow, string>();

function dayOf(row: CallLogRow): string {
  const known = days.get(row) ?? new Date(row.at).toDateString();
  days.set(row, known);
  return known;
}

/** Calls with a heading before the first of each day. */
export function withDays(rows: CallLogRow[]): LogItem[] {
  const items: LogItem[] = [];
  let last = '';
  for (const row of rows) {
    const day = dayOf(row);
    if (day !== last) items.push({ key: `day ${day}`, at: row.at, row: null });
    items.push({ key: row.call, at: row.at, row });
    last = day;
  }
  return items;
}
