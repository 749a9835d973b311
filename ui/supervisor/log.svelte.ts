/* The log of all calls: what the filter lets through, page by page backwards, and the newest again when they change. */
import type { Backend } from '../backend';
import type { LogChoicesView } from '../generated/LogChoicesView';
import type { LogFilter } from '../generated/LogFilter';
import type { LogRowView } from '../generated/LogRowView';
import type { SavedFilterView } from '../generated/SavedFilterView';
import { NamedFilters } from '../shared/named-filters.svelte';
import { why } from '../shared/said';

/** Rows a request. */
export const PAGE = 100;

/** The list that saved filters are of. */
const LIST = 'log';

export const EVERYTHING: LogFilter = { period: null, direction: null, outcome: null, agent: '', queue: '', disposition: '', customer: '', matched: null, marked: null, words: '' };

/** The filter with everything that `part` leaves out, always in one order. */
export function whole(part: Partial<LogFilter>): LogFilter {
  return Object.fromEntries(Object.entries(EVERYTHING).map(([key, none]) => [key, part[key as keyof LogFilter] ?? none])) as unknown as LogFilter;
}

export class Log {
  filter = $state.raw<LogFilter>(EVERYTHING);
  rows = $state.raw<LogRowView[]>([]);
  /** The oldest call there is has been loaded. */
  complete = $state(false);
  /** The rows are those of the filter. */
  ready = $state(false);
  problem = $state<string | null>(null);
  refused = $state<string | null>(null);
  choices = $state.raw<LogChoicesView>({ agents: [], queues: [] });

  /** Its filters that have a name. */
  readonly named: NamedFilters<LogFilter>;

  readonly #backend: Backend;
  /** Counts the filters: what is answered to an earlier one is dropped. */
  #asked = 0;
  #busy: Promise<void> | null = null;

  constructor(backend: Backend, filter: Partial<LogFilter> = {}) {
    this.#backend = backend;
    this.filter = whole(filter);
    this.named = new NamedFilters(backend, LIST, () => this.filter, (problem) => (this.refused = problem));
  }

  /** Shows what this filter lets through. */
  take(filter: Partial<LogFilter>): Promise<void> {
    this.filter = whole(filter);
    this.#asked += 1;
    this.ready = false;
    this.#busy = null;
    return this.refresh();
  }

  set(change: Partial<LogFilter>): Promise<void> {
    return this.take({ ...this.filter, ...change });
  }

  /** Reads the newest rows again and keeps those loaded below them. */
  refresh(): Promise<void> {
    const anew = !this.ready;
    return this.#after(async (isNow) => {
      const newest = await this.#backend.logRows(this.filter, null, PAGE);
      if (!isNow()) return;
      const fresh = new Set(newest.map(({ row }) => row.call));
      const oldest = Date.parse(newest.at(-1)?.row.at ?? '');
      const below = anew || newest.length < PAGE ? [] : this.rows.filter(({ row }) => !fresh.has(row.call) && Date.parse(row.at) <= oldest);
      if (newest.length < PAGE) this.complete = true;
      else if (anew) this.complete = false;
      this.rows = [...newest, ...below];
      this.ready = true;
    });
  }

  /** Reads the rows before the oldest one that is loaded. */
  more(): Promise<void> {
    if (this.complete || !this.ready || this.#busy) return this.#busy ?? Promise.resolve();
    return this.#after(async (isNow) => {
      const earlier = await this.#backend.logRows(this.filter, this.rows.at(-1)?.row.call ?? null, PAGE);
      if (!isNow()) return;
      const known = new Set(this.rows.map(({ row }) => row.call));
      this.rows = [...this.rows, ...earlier.filter(({ row }) => !known.has(row.call))];
      this.complete = earlier.length < PAGE;
    });
  }

  async readChoices(): Promise<void> {
    const named = this.named.read();
    try {
      this.choices = await this.#backend.logChoices();
    } catch (error) {
      this.refused = why(error);
    }
    await named;
  }

  use(saved: SavedFilterView): Promise<void> {
    try {
      return this.take(JSON.parse(saved.filter) as Partial<LogFilter>);
    } catch {
      return this.take({});
    }
  }

  /** The link to what the filter lets through. */
  async link(): Promise<string | null> {
    try {
      const link = await this.#backend.logLink(this.filter);
      this.refused = null;
      return link;
    } catch (error) {
      this.refused = why(error);
      return null;
    }
  }

  /** One request of a filter after the other, so that pages neither overlap nor swap. */
  #after(work: (isNow: () => boolean) => Promise<void>): Promise<void> {
    const asked = this.#asked;
    const isNow = () => asked === this.#asked;
    const run = async () => {
      if (!isNow()) return;
      try {
        await work(isNow);
        if (isNow()) this.problem = null;
      } catch (error) {
        if (isNow()) this.problem = why(error);
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
