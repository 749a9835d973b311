/* A promise as it is typed: when, and what. It is planned only when the time is understood. */
import type { Backend } from '../backend';
import type { TaskKind } from '../generated/TaskKind';
import type { WhenView } from '../generated/WhenView';
import { monthFirst } from '../shared/format';
import { why } from '../shared/said';
import { spoken, t } from '../shared/words';

export class FollowUp {
  open = $state(false);
  kind = $state<TaskKind>('follow_up');
  /** When, as it is typed. */
  when = $state('');
  /** What that means; null until it is known. */
  meaning = $state.raw<WhenView | null>(null);
  /** What was promised. */
  text = $state('');
  busy = $state(false);
  /** What the last attempt was refused with. */
  problem = $state<string | null>(null);
  /** The field of the time while it is on the page. */
  input = $state.raw<HTMLInputElement>();

  readonly #call: string;
  readonly #backend: Backend;
  #asked = 0;

  constructor(call: string, backend: Backend) {
    this.#call = call;
    this.#backend = backend;
  }

  /** Something was typed and is not planned. */
  get unsaved(): boolean {
    return this.when.trim() !== '' || this.text.trim() !== '';
  }

  /** Takes the time as it is typed; a meaning that comes late is dropped. */
  async type(when: string): Promise<void> {
    this.when = when;
    this.problem = null;
    const asked = ++this.#asked;
    if (when.trim() === '') return void (this.meaning = null);
    try {
      const meaning = await this.#backend.readWhen(when, spoken(), monthFirst());
      if (asked === this.#asked) this.meaning = meaning;
    } catch (error) {
      if (asked === this.#asked) this.problem = why(error);
    }
  }

  /** Plans it; true once it is durable. What cannot be planned stays as it was typed. */
  async plan(): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      // Understood again: the hour may have passed since it was typed.
      await this.type(this.when);
      if (this.problem !== null) return false;
      if (this.meaning?.kind !== 'understood') {
        if (this.when.trim() === '') this.problem = t('follow_up.need_when');
        return false;
      }
      await this.#backend.planTask(this.#call, { kind: this.kind, due: this.meaning.at, text: this.text });
      this.when = this.text = '';
      this.meaning = null;
      return true;
    } catch (error) {
      this.problem = why(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

/** Why a time is not understood; nothing where it is, or while there is none. */
export function whyNot(meaning: WhenView | null): string | null {
  switch (meaning?.kind) {
    case 'unknown':
      return t('follow_up.unknown', { word: meaning.word });
    case 'nonsense':
      return t('follow_up.nonsense');
    case 'past':
      return t('follow_up.is_past');
    case 'too_far':
      return t('follow_up.too_far');
    case 'understood':
    case 'empty':
    case undefined:
      return null;
  }
}
