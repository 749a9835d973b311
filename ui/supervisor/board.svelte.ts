/* The live board as it is now: asked anew when something happened, at most once a second; what is counted over the day less often. */
import type { Backend, Stop } from '../backend';
import type { AgentView } from '../generated/AgentView';
import type { BoardView } from '../generated/BoardView';
import type { ReportView } from '../generated/ReportView';
import { why } from '../shared/said';

/** The least time between two questions, in milliseconds. */
const LIVE = 1_000;
const COUNTED = 10_000;

/** Asks again when told to, but never sooner than `pause` after the last time. */
class Asking {
  #last = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #busy = false;
  #again = false;

  constructor(readonly ask: () => Promise<void>, readonly pause: number) {}

  soon(): void {
    if (this.#busy) this.#again = true;
    else this.#timer ??= setTimeout(() => void this.now(), Math.max(0, this.#last + this.pause - Date.now()));
  }

  async now(): Promise<void> {
    this.stop();
    if (this.#busy) {
      this.#again = true;
      return;
    }
    [this.#busy, this.#again, this.#last] = [true, false, Date.now()];
    await this.ask();
    this.#busy = false;
    if (this.#again) this.soon();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

export class Board {
  view = $state.raw<BoardView | null>(null);
  /** What today came to so far. */
  report = $state.raw<ReportView | null>(null);
  /** Why the board cannot be read. */
  problem = $state<string | null>(null);
  /** Why something asked for was not done. */
  refused = $state<string | null>(null);
  /** Who was given to whom last. */
  given = $state.raw<{ who: string; to: string } | null>(null);

  readonly #backend: Backend;
  readonly #live = new Asking(() => this.#readLive(), LIVE);
  readonly #counted = new Asking(() => this.#readCounted(), COUNTED);

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Follows what happens until it is stopped. */
  follow(): Stop {
    const stops: Stop[] = [() => this.#live.stop(), () => this.#counted.stop()];
    let gone = false;
    const heard = (listening: Promise<Stop>) => void listening.then((stop) => (gone ? stop() : stops.push(stop)));
    heard(this.#backend.onPanel(() => this.#live.soon()));
    heard(this.#backend.onCallLogChanged(() => (this.#live.soon(), this.#counted.soon())));
    void this.read();
    return () => {
      gone = true;
      for (const stop of stops) stop();
    };
  }

  async read(): Promise<void> {
    await Promise.all([this.#live.now(), this.#counted.now()]);
  }

  /** Gives a missed caller to an agent. */
  async give(call: string, who: string, agent: AgentView): Promise<void> {
    try {
      await this.#backend.giveMissed(call, agent.extension);
      [this.refused, this.given] = [null, { who, to: agent.name ?? agent.extension }];
      await this.#live.now();
    } catch (error) {
      [this.refused, this.given] = [why(error), null];
    }
  }

  async #readLive(): Promise<void> {
    try {
      this.view = await this.#backend.board();
      this.problem = null;
    } catch (error) {
      this.problem = why(error);
    }
  }

  async #readCounted(): Promise<void> {
    try {
      this.report = await this.#backend.callReport({ period: { kind: 'days', days: 1 }, queue: '', agent: '', target_seconds: this.view?.target_seconds ?? 20 });
    } catch (error) {
      this.problem = why(error);
    }
  }
}
