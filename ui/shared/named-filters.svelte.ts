/* Filters of one list that somebody gave a name: read, kept and dropped. What a filter says is the list's own. */
import type { Backend } from '../backend';
import type { SavedFilterView } from '../generated/SavedFilterView';
import { why } from './said';

export class NamedFilters<F> {
  all = $state.raw<SavedFilterView[]>([]);

  readonly #backend: Pick<Backend, 'filters' | 'keepFilter'>;
  readonly #list: string;
  readonly #now: () => F;
  readonly #refuse: (problem: string | null) => void;

  /** `now` is the filter that is in use, `refuse` is told why something was refused, and when nothing is any more. */
  constructor(backend: Pick<Backend, 'filters' | 'keepFilter'>, list: string, now: () => F, refuse: (problem: string | null) => void) {
    [this.#backend, this.#list, this.#now, this.#refuse] = [backend, list, now, refuse];
  }

  /** The name of the filter that is in use, where it has one. */
  get used(): string | null {
    const now = JSON.stringify(this.#now());
    return this.all.find(({ filter }) => filter === now)?.name ?? null;
  }

  async read(): Promise<void> {
    try {
      this.all = await this.#backend.filters(this.#list);
    } catch (error) {
      this.#refuse(why(error));
    }
  }

  keep(name: string): Promise<boolean> {
    return this.#put(name, JSON.stringify(this.#now()));
  }

  forget(name: string): Promise<boolean> {
    return this.#put(name, null);
  }

  async #put(name: string, filter: string | null): Promise<boolean> {
    try {
      await this.#backend.keepFilter(this.#list, name, filter);
    } catch (error) {
      this.#refuse(why(error));
      return false;
    }
    this.#refuse(null);
    await this.read();
    return true;
  }
}
