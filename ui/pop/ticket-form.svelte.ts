/* A ticket in two keys: what it is about, then how much it matters. The second opens it. */
import type { Backend } from '../backend';
import type { Priority } from '../generated/Priority';
import type { TicketKind } from '../generated/TicketKind';
import { why } from '../shared/said';

export const KINDS: TicketKind[] = ['complaint', 'question', 'return', 'repair', 'other'];
export const PRIORITIES: Priority[] = ['low', 'normal', 'high', 'urgent'];

export class TicketForm {
  /** What it is about, once that was chosen. */
  kind = $state<TicketKind | null>(null);
  /** In a few words. */
  subject = $state('');
  busy = $state(false);
  problem = $state<string | null>(null);

  readonly #call: string;
  readonly #backend: Backend;

  constructor(call: string, backend: Backend) {
    this.#call = call;
    this.#backend = backend;
  }

  /** A subject was typed and stands in no ticket. */
  get unsaved(): boolean {
    return this.subject.trim() !== '';
  }

  /** The kind has to be chosen again; the subject stays. */
  back(): void {
    this.kind = null;
    this.problem = null;
  }

  /** Opens it; true once it is durable. Without a subject it has the first line of the note. */
  async open(priority: Priority, note: string): Promise<boolean> {
    const { kind } = this;
    if (kind === null || this.busy) return false;
    this.busy = true;
    try {
      await this.#backend.openTicket(this.#call, { kind, priority, subject: this.subject.trim() || firstLine(note) });
      this.subject = '';
      this.back();
      return true;
    } catch (error) {
      this.problem = why(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

/** The first line that says something, as long as a subject may be. */
export function firstLine(note: string): string {
  const line = note.split('\n').find((line) => line.trim() !== '') ?? '';
  return [...line.trim()].slice(0, 200).join('');
}
