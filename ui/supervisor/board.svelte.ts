/* The live board as it is now: asked anew when something happened, at most once a second; what is counted over the hour and the day
 * less often. */
import type { Backend, Stop } from '../backend';
import type { AgentView } from '../generated/AgentView';
import type { BoardView } from '../generated/BoardView';
import type { FeedHeardView } from '../generated/FeedHeardView';
import type { LastHourView } from '../generated/LastHourView';
import type { ReportView } from '../generated/ReportView';
import { why } from '../shared/said';
import { keepQueue, keptQueue } from './board-queue';

/** The least time between two questions, in milliseconds. */
const LIVE = 1_000;
const HOUR = 5_000;
const COUNTED = 10_000;

/** Asks again when told to, but never sooner than `pause` after the last time. */
class Asking {
  #last = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #busy = false;
  #again: 'now' | 'soon' | null = null;

  constructor(readonly ask: () => Promise<void>, readonly pause: number) {}

  soon(): void {
    if (this.#busy) this.#again ??= 'soon';
    else this.#timer ??= setTimeout(() => void this.now(), Math.max(0, this.#last + this.pause - Date.now()));
  }

  async now(): Promise<void> {
    this.stop();
    if (this.#busy) {
      this.#again = 'now';
      return;
    }
    [this.#busy, this.#again, this.#last] = [true, null, Date.now()];
    await this.ask();
    this.#busy = false;
    const again = this.#again as 'now' | 'soon' | null;
    if (again === 'now') await this.now();
    else if (again === 'soon') this.soon();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

export class Board {
  view = $state.raw<BoardView | null>(null);
  /** When each phone system said something last. */
  heard = $state.raw<FeedHeardView[]>([]);
  /** What today came to so far, beside the same weekday a week before. */
  report = $state.raw<ReportView | null>(null);
  /** How callers waited in the last hour. */
  hour = $state.raw<LastHourView | null>(null);
  /** The queue that today and the last hour are counted of; all when it is empty. */
  queue = $state(keptQueue());
  /** The queues that the report knows. */
  reported = $state.raw<string[]>([]);
  /** Why a part of the board cannot be read. */
  #problems = $state.raw<Record<'live' | 'counted' | 'hour', string | null>>({ live: null, counted: null, hour: null });
  readonly problem = $derived(this.#problems.live ?? this.#problems.counted ?? this.#problems.hour);
  /** Why something asked for was not done. */
  refused = $state<string | null>(null);
  /** Who was given to whom last. */
  given = $state.raw<{ who: string; to: string } | null>(null);

  readonly #backend: Backend;
  readonly #live = new Asking(() => this.#readLive(), LIVE);
  readonly #counted = new Asking(() => this.#readCounted(), COUNTED);
  readonly #hour = new Asking(() => this.#readHour(), HOUR);
  readonly #heard = new Asking(() => this.#readHeard(), LIVE);
  #minute = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Follows what happens until it is stopped. */
  follow(): Stop {
    const stops: Stop[] = [() => this.#live.stop(), () => this.#counted.stop(), () => this.#hour.stop(), () => this.#heard.stop()];
    let gone = false;
    const heard = (listening: Promise<Stop>) => void listening.then((stop) => (gone ? stop() : stops.push(stop)));
    heard(this.#backend.onPanel(() => (this.#live.soon(), this.#hour.soon())));
    heard(this.#backend.onCallLogChanged(() => (this.#live.soon(), this.#hour.soon(), this.#counted.soon())));
    void this.read();
    return () => {
      gone = true;
      for (const stop of stops) stop();
    };
  }

  async read(): Promise<void> {
    await Promise.all([this.#live.now(), this.#counted.now(), this.#hour.now()]);
  }

  /** It is `now`: another minute of the hour began, or whoever waits has waited longer. */
  tick(now: number): void {
    const minute = Math.floor(now / 60_000);
    const began = this.#minute !== 0 && this.#minute !== minute;
    this.#minute = minute;
    if (began || (this.view && this.view.waiting.length > 0)) this.#hour.soon();
    // a week before the clock went on too
    if (began) this.#counted.soon();
  }

  /** Asks when the phone systems said something last; at most once a second. */
  hear(): void {
    this.#heard.soon();
  }

  /** Counts one queue alone from now on, or all. */
  async choose(queue: string): Promise<void> {
    if (queue === this.queue) return;
    // what was counted of another queue must not stand under the name of this one
    [this.queue, this.report, this.hour] = [queue, null, null];
    keepQueue(queue);
    await Promise.all([this.#counted.now(), this.#hour.now()]);
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

  #readLive(): Promise<void> {
    return this.#read('live', async () => (this.view = await this.#backend.board()));
  }

  #readCounted(): Promise<void> {
    const { queue } = this;
    return this.#read('counted', async () => {
      const report = await this.#backend.todaySoFar(queue);
      this.reported = report.all_queues;
      if (queue === this.queue) this.report = report;
    });
  }

  /** What else is wrong is said by the parts that matter more. */
  async #readHeard(): Promise<void> {
    this.heard = await this.#backend.feedsHeard().catch(() => []);
  }

  #readHour(): Promise<void> {
    const { queue } = this;
    return this.#read('hour', async () => {
      const hour = await this.#backend.lastHour(queue);
      if (queue === this.queue) this.hour = hour;
    });
  }

  /** Reads a part; what was read before stands while it cannot be. */
  async #read(part: 'live' | 'counted' | 'hour', read: () => Promise<unknown>): Promise<void> {
    let problem: string | null = null;
    try {
      await read();
    } catch (error) {
      problem = why(error);
    }
    if (this.#problems[part] !== problem) this.#problems = { ...this.#problems, [part]: problem };
  }
}
