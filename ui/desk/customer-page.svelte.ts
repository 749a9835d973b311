/* A customer's page as it is now: read again whenever the journal changed. */
import type { Backend, ToDo } from '../backend';
import type { ContactRequest } from '../generated/ContactRequest';
import type { CustomerPageView } from '../generated/CustomerPageView';
import type { CustomerView } from '../generated/CustomerView';
import { why } from '../shared/said';

export class CustomerPage {
  view = $state.raw<CustomerPageView | null>(null);
  problem = $state<string | null>(null);
  refused = $state<string | null>(null);
  dialling = $state(false);
  /** Whom it was merged with just now, and who stood apart before. */
  merged = $state.raw<{ other: CustomerView; apart: string[] } | null>(null);
  /** That was taken back. */
  undone = $state(false);
  /** What is covered was asked for. */
  uncovered = $state(false);

  readonly #backend: Backend;
  readonly #reference: string;
  #asked = 0;

  constructor(backend: Backend, reference: string) {
    this.#backend = backend;
    this.#reference = reference;
  }

  /** Reads the page; an answer that comes late is dropped. */
  async read(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const view = await this.#backend.customerPage(this.#reference, this.uncovered);
      if (asked !== this.#asked) return;
      [this.view, this.problem] = [view, null];
    } catch (error) {
      if (asked === this.#asked) this.problem = why(error);
    }
  }

  uncover(): Promise<void> {
    this.uncovered = true;
    return this.read();
  }

  addContact(contact: ContactRequest): Promise<boolean> {
    return this.#ask(() => this.#backend.addContact(this.#reference, contact));
  }

  dropContact(id: number): Promise<boolean> {
    return this.#ask(() => this.#backend.dropContact(id));
  }

  plan(todo: ToDo, number: string): Promise<boolean> {
    return this.#ask(() => this.#backend.planFor(this.#reference, todo, number));
  }

  /** Makes this customer and another one; what is done can be taken back as long as the page shows it. */
  async merge(other: CustomerView): Promise<boolean> {
    const merged = await this.#ask(async () => {
      const apart = await this.#backend.linkRecords(this.#reference, other.reference);
      this.merged = { other, apart };
    });
    this.undone = false;
    return merged;
  }

  async undoMerge(): Promise<void> {
    const merged = this.merged;
    if (!merged) return;
    if (await this.#ask(() => this.#backend.undoLink(this.#reference, merged.other.reference, merged.apart))) [this.merged, this.undone] = [null, true];
  }

  part(reference: string): Promise<boolean> {
    return this.#ask(() => this.#backend.partRecord(reference));
  }

  finish(task: number): Promise<boolean> {
    return this.#ask(() => this.#backend.finishTask(task, true));
  }

  async dial(number: string): Promise<void> {
    if (this.dialling) return;
    this.dialling = true;
    await this.#ask(() => this.#backend.dial(number));
    this.dialling = false;
  }

  async #ask(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.refused = null;
      await this.read();
      return true;
    } catch (error) {
      this.refused = why(error);
      return false;
    }
  }
}
