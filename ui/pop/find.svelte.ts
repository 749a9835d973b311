/*
 * Who is the caller, when the number does not say it: what is typed to find a customer, and the form of a new one.
 * It lives as long as the call, so that nothing typed is lost when another call comes in between.
 */
import { refusal, type Backend } from '../backend';
import type { HitView } from '../generated/HitView';
import { sayRefusal, type Field } from './find-words';

export interface Form {
  name: string;
  company: string;
  email: string;
  number: string;
}

export class Find {
  /** What was typed to find somebody. */
  typed = $state('');
  hits = $state.raw<HitView[]>([]);
  /** The hit that Enter takes. */
  current = $state(0);
  /** The form of a new customer; its texts stay when it is folded. */
  form = $state<Form>({ name: '', company: '', email: '', number: '' });
  step = $state<'search' | 'form' | 'away'>('search');
  busy = $state(false);
  /** What the last request was refused with, and the field it is about. */
  problem = $state<{ text: string; field: Field | null } | null>(null);
  /** Nothing fits what was typed. */
  nobody = $state(false);
  /** The field of the search while it is on the page. */
  input = $state.raw<HTMLInputElement>();

  readonly #call: string;
  readonly #backend: Backend;
  #asked = 0;
  #touched = false;

  constructor(call: string, backend: Backend) {
    this.#call = call;
    this.#backend = backend;
  }

  /** What is known of the caller by now: the number, and whether to ask at once. What the agent did already stays. */
  know(number: string | null, ask: boolean): void {
    if (this.#touched) return;
    this.form.number = number ?? '';
    this.step = ask ? 'search' : 'away';
  }

  /** Takes what was typed and looks for it; an answer that comes late is dropped. */
  async search(typed: string): Promise<void> {
    this.#touched = true;
    this.typed = typed;
    const asked = ++this.#asked;
    try {
      const hits = typed.trim() === '' ? [] : await this.#backend.searchCustomers(typed);
      if (asked !== this.#asked) return;
      this.hits = hits;
      this.nobody = hits.length === 0 && typed.trim() !== '';
      this.current = 0;
      this.problem = null;
    } catch (error) {
      if (asked === this.#asked) this.problem = sayRefusal(refusal(error));
    }
  }

  /** Up or down the hits; stays within the list. */
  move(step: 1 | -1): void {
    this.current = Math.min(this.hits.length - 1, Math.max(0, this.current + step));
  }

  link(hit: HitView | undefined): Promise<boolean> {
    return hit ? this.#attempt(this.#backend.linkCustomer(this.#call, hit.customer.reference)) : Promise.resolve(false);
  }

  create(): Promise<boolean> {
    const { name, company, email, number } = this.form;
    return this.#attempt(this.#backend.createCustomer(this.#call, { name, company, email }, number));
  }

  /** Shows the form; a name that was looked for in vain stands in it already. */
  openForm(): void {
    if (this.form.name === '' && this.hits.length === 0 && /\p{L}/u.test(this.typed)) this.form.name = this.typed.trim();
    this.#turn('form');
  }

  openSearch(): void {
    this.#turn('search');
  }

  /** One step back: from the form to the search, and from there away. */
  back(): void {
    this.#turn(this.step === 'form' ? 'search' : 'away');
  }

  #turn(step: Find['step']): void {
    this.#touched = true;
    this.problem = null;
    this.step = step;
  }

  async #attempt(request: Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      await request;
      this.problem = null;
      return true;
    } catch (error) {
      this.problem = sayRefusal(refusal(error));
      return false;
    } finally {
      this.busy = false;
    }
  }
}
