/* The page of the day as it is now: read again whenever the journal changed, and when the day turns. */
import type { Backend } from '../backend';
import type { TaskView } from '../generated/TaskView';
import type { TodayView } from '../generated/TodayView';
import { why } from '../shared/said';

/** Something that was just settled, for whoever takes that back. */
export type Settled = { kind: 'task'; task: TaskView } | { kind: 'missed'; call: string; who: string };

export class Today {
  view = $state.raw<TodayView | null>(null);
  /** Why it cannot be read. */
  problem = $state<string | null>(null);
  /** Why something asked for was not done. */
  refused = $state<string | null>(null);
  /** The last thing that was settled here. */
  settled = $state.raw<Settled | null>(null);
  dialling = $state(false);

  readonly #backend: Backend;
  #again = false;
  #busy: Promise<void> | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Reads the page; asked for while it is being read, it is read once more. */
  read(): Promise<void> {
    this.#again = true;
    this.#busy ??= this.#read().finally(() => (this.#busy = null));
    return this.#busy;
  }

  async #read(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        this.view = await this.#backend.today();
        this.problem = null;
      } catch (error) {
        this.problem = why(error);
      }
    }
  }

  finish(task: TaskView): Promise<void> {
    return this.#ask(async () => {
      await this.#backend.finishTask(task.id, true);
      this.settled = { kind: 'task', task };
    });
  }

  snooze(task: TaskView): Promise<void> {
    return this.#ask(() => this.#backend.snoozeTask(task.id));
  }

  closeMissed(call: string, who: string): Promise<void> {
    return this.#ask(async () => {
      await this.#backend.closeMissed(call, true);
      this.settled = { kind: 'missed', call, who };
    });
  }

  takeBack(): Promise<void> {
    const settled = this.settled;
    if (!settled) return Promise.resolve();
    return this.#ask(async () => {
      if (settled.kind === 'task') await this.#backend.finishTask(settled.task.id, false);
      else await this.#backend.closeMissed(settled.call, false);
      this.settled = null;
    });
  }

  setDisposition(call: string, code: string): Promise<void> {
    return this.#ask(() => this.#backend.setDisposition(call, code));
  }

  async dial(number: string): Promise<void> {
    if (this.dialling) return;
    this.dialling = true;
    await this.#ask(() => this.#backend.dial(number));
    this.dialling = false;
  }

  async #ask(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.refused = null;
      await this.read();
    } catch (error) {
      this.refused = why(error);
    }
  }
}

/** What is overdue, due today, and later. */
export function isOver(task: TaskView, now: number): boolean {
  return Date.parse(task.due) < now;
}
