/* The list of tickets: what the filter lets through, read again whenever the journal changed. */
import type { Backend, TicketRequest } from '../backend';
import type { SavedFilterView } from '../generated/SavedFilterView';
import type { TicketFilter } from '../generated/TicketFilter';
import type { TicketPlace } from '../generated/TicketPlace';
import type { TicketRowView } from '../generated/TicketRowView';
import { NamedFilters } from '../shared/named-filters.svelte';
import { why } from '../shared/said';

/** The list that saved filters are of. */
const LIST = 'tickets';

/** Rows a request. */
export const PAGE = 100;

export const EVERY: TicketFilter = { state: 'open', about: null, priority: null, assignee: 'anyone', text: '' };

export class Tickets {
  filter = $state<TicketFilter>({ ...EVERY });
  rows = $state.raw<TicketRowView[] | null>(null);
  /** Behind which place the list goes on; none: all of it is here. */
  next = $state.raw<TicketPlace | null>(null);
  problem = $state<string | null>(null);
  refused = $state<string | null>(null);

  /** Its filters that have a name. */
  readonly named: NamedFilters<TicketFilter>;

  readonly #backend: Backend;
  #asked = 0;
  #reading = false;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.named = new NamedFilters(backend, LIST, () => this.filter, (problem) => (this.refused = problem));
  }

  /** Reads the list again as far as it was read; an answer that comes late is dropped. */
  read(): Promise<void> {
    return this.#read([], null, this.rows?.length ?? 0);
  }

  /** Reads the page behind the last one. */
  async more(): Promise<void> {
    if (this.#reading || this.next === null) return;
    await this.#read(this.rows ?? [], this.next, 0);
  }

  async #read(before: TicketRowView[], behind: TicketPlace | null, least: number): Promise<void> {
    const asked = ++this.#asked;
    this.#reading = true;
    let [rows, next] = [before, behind];
    try {
      do {
        const page = await this.#backend.tickets({ ...this.filter }, next, PAGE);
        if (asked !== this.#asked) return;
        const known = new Set(rows.map(({ id }) => id));
        [rows, next] = [[...rows, ...page.rows.filter(({ id }) => !known.has(id))], page.next];
        // where few of many fit, a page may have none of them
      } while (next !== null && rows.length < Math.max(least, before.length + 1));
      [this.rows, this.next, this.problem] = [rows, next, null];
    } catch (error) {
      if (asked === this.#asked) this.problem = why(error);
    } finally {
      if (asked === this.#asked) this.#reading = false;
    }
  }

  set(change: Partial<TicketFilter>): void {
    this.filter = { ...this.filter, ...change };
    void this.#read([], null, 0);
  }

  use(saved: SavedFilterView): void {
    this.set(filterOf(saved));
  }

  /** Opens a ticket; its number once it is durable. */
  async open(customer: string | null, request: TicketRequest): Promise<number | null> {
    try {
      const { row } = await this.#backend.newTicket(customer, request);
      this.refused = null;
      return row.id;
    } catch (error) {
      this.refused = why(error);
      return null;
    }
  }
}

/** What a saved filter says; one that cannot be read lets all open tickets through. */
export function filterOf(saved: SavedFilterView): TicketFilter {
  try {
    return { ...EVERY, ...(JSON.parse(saved.filter) as Partial<TicketFilter>) };
  } catch {
    return { ...EVERY };
  }
}
