/* The search over everything: what was typed, what was found, and which of it Enter opens. */
import type { Backend } from '../backend';
import type { FoundView } from '../generated/FoundView';
import { why } from '../shared/said';
import { customerAddress, ticketAddress, whyAddress } from './pages';

export class SearchAll {
  typed = $state('');
  found = $state.raw<FoundView | null>(null);
  current = $state(0);
  problem = $state<string | null>(null);

  readonly #backend: Backend;
  #asked = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Takes what was typed and looks for it; an answer that comes late is dropped. */
  async search(typed: string): Promise<void> {
    this.typed = typed;
    const asked = ++this.#asked;
    try {
      const found = typed.trim() === '' ? null : await this.#backend.searchAll(typed);
      if (asked !== this.#asked) return;
      [this.found, this.current, this.problem] = [found, 0, null];
    } catch (error) {
      if (asked === this.#asked) this.problem = why(error);
    }
  }

  /** Where each hit leads, in the order they are shown; products lead nowhere. */
  get addresses(): string[] {
    const { found } = this;
    if (!found) return [];
    return [...found.customers.map(({ customer }) => customerAddress(customer.reference)), ...found.tickets.map(({ id }) => ticketAddress(id)), ...found.notes.map(({ call, customer }) => (customer ? customerAddress(customer.reference) : whyAddress(call)))];
  }

  /** Up or down; stays within what was found. */
  move(step: 1 | -1): void {
    this.current = Math.min(this.addresses.length - 1, Math.max(0, this.current + step));
  }

  get nothing(): boolean {
    const { found } = this;
    return found !== null && found.customers.length + found.tickets.length + found.notes.length + found.products.length === 0;
  }
}
