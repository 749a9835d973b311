/* The list of tickets: what the filter lets through, read again whenever the journal changed. */
import type { Backend, TicketRequest } from '../backend';
import type { SavedFilterView } from '../generated/SavedFilterView';
import type { TicketFilter } from '../generated/TicketFilter';
import type { TicketRowView } from '../generated/TicketRowView';
import { why } from '../shared/said';

/** The list that saved filters are of. */
const LIST = 'tickets';

export const EVERY: TicketFilter = { state: 'open', about: null, priority: null, assignee: 'anyone', text: '' };

export class Tickets {
  filter = $state<TicketFilter>({ ...EVERY });
  rows = $state.raw<TicketRowView[] | null>(null);
  saved = $state.raw<SavedFilterView[]>([]);
  problem = $state<string | null>(null);
  refused = $state<string | null>(null);

  readonly #backend: Backend;
  #asked = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Reads the list; an answer that comes late is dropped. */
  async read(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const rows = await this.#backend.tickets({ ...this.filter });
      if (asked !== this.#asked) return;
      this.rows = rows;
      this.problem = null;
    } catch (error) {
      if (asked === this.#asked) this.problem = why(error);
    }
  }

  async readSaved(): Promise<void> {
    try {
      this.saved = await this.#backend.filters(LIST);
    } catch (error) {
      this.refused = why(error);
    }
  }

  set(change: Partial<TicketFilter>): void {
    this.filter = { ...this.filter, ...change };
    void this.read();
  }

  use(saved: SavedFilterView): void {
    try {
      this.set({ ...EVERY, ...(JSON.parse(saved.filter) as Partial<TicketFilter>) });
    } catch {
      this.set({ ...EVERY });
    }
  }

  /** The saved filter that is in use. */
  get used(): string | null {
    const now = JSON.stringify(this.filter);
    return this.saved.find(({ filter }) => filter === now)?.name ?? null;
  }

  keep(name: string): Promise<boolean> {
    return this.#ask(() => this.#backend.keepFilter(LIST, name, JSON.stringify(this.filter)));
  }

  forget(name: string): Promise<boolean> {
    return this.#ask(() => this.#backend.keepFilter(LIST, name, null));
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

  async #ask(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.refused = null;
      await this.readSaved();
      return true;
    } catch (error) {
      this.refused = why(error);
      return false;
    }
  }
}
