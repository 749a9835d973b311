/* A request of one person about their data: everything in a file, or that all of it goes. */
import type { Backend } from '../backend';
import type { GivenOutView } from '../generated/GivenOutView';
import type { KnownView } from '../generated/KnownView';
import { why } from '../shared/said';
import { t } from '../shared/words';

export class Privacy {
  /** What is known and would go; null until somebody wants to see it. */
  known = $state.raw<KnownView | null>(null);
  /** The file that was written. */
  given = $state.raw<GivenOutView | null>(null);
  problem = $state<string | null>(null);
  busy = $state(false);
  /** It is written down that they are erased: Ringside is about to start again. */
  begun = $state(false);

  readonly #backend: Backend;
  readonly #reference: string;

  constructor(backend: Backend, reference: string) {
    this.#backend = backend;
    this.#reference = reference;
  }

  giveOut(): Promise<void> {
    return this.#ask(async () => {
      this.given = null;
      this.given = await this.#backend.giveOut(this.#reference, t('privacy.dialog'), t('privacy.document'));
    });
  }

  look(): Promise<void> {
    return this.#ask(async () => void (this.known = await this.#backend.knownOf(this.#reference)));
  }

  /** Whether this is the name that has to be typed. */
  isCalled(typed: string): boolean {
    return this.known !== null && typed.trim() === this.known.name.trim();
  }

  async erase(typed: string): Promise<void> {
    if (!this.isCalled(typed)) return;
    await this.#ask(async () => {
      await this.#backend.erasePerson(this.#reference, typed);
      this.begun = true;
    });
  }

  /** One thing at a time, and nothing once it was begun. */
  async #ask(work: () => Promise<void>): Promise<void> {
    if (this.busy || this.begun) return;
    [this.busy, this.problem] = [true, null];
    try {
      await work();
    } catch (error) {
      this.problem = why(error);
    } finally {
      this.busy = false;
    }
  }
}
