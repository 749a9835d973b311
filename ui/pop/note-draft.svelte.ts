/*
 * The text of one call's note on its way into the journal.
 *
 * It is written at every pause of typing, and while somebody types without a pause at least once a
 * second. What stands here and is not yet durable wins over anything that comes from outside.
 */
import { why } from '../shared/said';
import type { NoteView } from '../generated/NoteView';

/** Milliseconds of silence after a key that make a pause. */
export const PAUSE = 300;
/** The longest a key waits for its writing to begin, in milliseconds. */
export const LONGEST = 1000;
/** How long to wait after a failed writing before the next try, in milliseconds. */
export const RETRY = 2000;

export type Save = (call: string, text: string) => Promise<NoteView>;

export class NoteDraft {
  text = $state('');
  /** When the text as it stands became durable; null while a part of it is not. */
  savedAt = $state<string | null>(null);
  /** Why the last writing failed, until one succeeds. */
  problem = $state<string | null>(null);

  readonly call: string;
  readonly #save: Save;
  #durable: string;
  #durableAt: string | null;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #limit: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | null = null;

  constructor(call: string, note: NoteView, save: Save) {
    this.call = call;
    this.#save = save;
    this.text = this.#durable = note.text;
    this.savedAt = this.#durableAt = note.saved_at;
  }

  /** Whether something is not durable yet. */
  get pending(): boolean {
    return this.text !== this.#durable;
  }

  /** Takes the text as it is after a key. */
  type(text: string): void {
    this.text = text;
    if (!this.pending && !this.#writing) return this.#rest();
    this.savedAt = null;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.flush(), PAUSE);
    this.#limit ??= setTimeout(() => void this.flush(), LONGEST);
  }

  /** Writes what is pending now; true once all of it is durable. */
  async flush(): Promise<boolean> {
    this.#stopTimers();
    if (this.#writing) await this.#writing;
    if (!this.pending) return true;
    // A second caller of `flush` may have begun while this one waited.
    this.#writing ??= this.#write(this.text).finally(() => (this.#writing = null));
    await this.#writing;
    return !this.pending;
  }

  /** Takes the note as the journal has it, unless what stands here is newer. */
  adopt(note: NoteView): void {
    if (this.pending || this.#writing || note.text === this.text) return;
    if (isOlder(note.saved_at, this.#durableAt)) return;
    this.text = this.#durable = note.text;
    this.savedAt = this.#durableAt = note.saved_at;
  }

  async #write(text: string): Promise<void> {
    try {
      const note = await this.#save(this.call, text);
      this.problem = null;
      this.#durableAt = note.saved_at;
      // The journal may keep a cleaned text; it is shown where nobody has typed on meanwhile.
      if (this.text === text) this.text = this.#durable = note.text;
      else this.#durable = text;
      this.#rest();
    } catch (error) {
      this.problem = why(error);
      clearTimeout(this.#limit);
      this.#limit = setTimeout(() => void this.flush(), RETRY);
    }
  }

  #rest(): void {
    if (this.pending) return;
    this.#stopTimers();
    this.savedAt = this.#durableAt;
  }

  #stopTimers(): void {
    clearTimeout(this.#pause);
    clearTimeout(this.#limit);
    this.#pause = this.#limit = undefined;
  }
}

function isOlder(at: string | null, than: string | null): boolean {
  if (than === null) return false;
  return at === null || Date.parse(at) < Date.parse(than);
}
