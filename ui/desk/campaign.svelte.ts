/* A campaign being worked: whom to call, what came of it, and the list. Read again whenever the journal changed. */
import type { Backend } from '../backend';
import type { CampaignEntryView } from '../generated/CampaignEntryView';
import type { CampaignWorkView } from '../generated/CampaignWorkView';
import type { EntryState } from '../generated/EntryState';
import type { TryResult } from '../generated/TryResult';
import { why } from '../shared/said';

/** Rows of the list that are read at once. */
export const PART = 100;

export class Campaign {
  work = $state.raw<CampaignWorkView | null>(null);
  problem = $state<string | null>(null);
  refused = $state<string | null>(null);
  dialling = $state(false);
  /** Rows of the list by their place. */
  rows = $state.raw<Map<number, CampaignEntryView>>(new Map());
  /** What was read may have changed since: it is shown until it is read again. */
  old = $state(true);
  filter = $state<EntryState | null>(null);
  note = $state('');

  readonly #backend: Backend;
  readonly #id: number;
  /** Whom the agent chose to call in place of whoever is next. */
  #chosen: number | null = null;
  /** When it was begun to call whoever is shown. */
  #begun: string | null = null;
  #asked = 0;
  /** What came of somebody is on its way: the answer says who is next. */
  #saying = false;
  #parts = new Set<number>();

  constructor(backend: Backend, id: number) {
    [this.#backend, this.#id] = [backend, id];
  }

  /** How many rows the list has. */
  get length(): number {
    const counts = this.work?.campaign.counts;
    if (!counts) return 0;
    return this.filter === null ? counts.all : this.filter === 'reached' ? counts.reached - counts.accepted - counts.declined : counts[this.filter];
  }

  async read(): Promise<void> {
    if (this.#saying) return;
    const asked = ++this.#asked;
    // whoever is being called stays until it is said what came of it
    const entry = this.#chosen ?? this.work?.entry?.id ?? null;
    try {
      const work = await this.#backend.campaignWork(this.#id, entry);
      if (asked !== this.#asked) return;
      this.#show(work);
    } catch (error) {
      if (asked === this.#asked) this.problem = why(error);
    }
  }

  /** Reads the parts of the list that have rows from `from` to `to`, then the parts around them, so that none is awaited. */
  async see(from: number, to: number): Promise<void> {
    this.old = false;
    const [first, last] = [Math.floor(from / PART), Math.floor(Math.max(from, to - 1) / PART)];
    for (let part = first; part <= last; part += 1) await this.#part(part);
    for (const part of [last + 1, first - 1, last + 2, first - 2]) await this.#part(part);
  }

  async #part(part: number): Promise<void> {
    const [parts, filter] = [this.#parts, this.filter];
    if (part < 0 || part * PART >= this.length || parts.has(part)) return;
    parts.add(part);
    try {
      const read = await this.#backend.campaignEntries(this.#id, filter, part * PART, PART);
      if (parts !== this.#parts) return;
      this.rows = new Map([...this.rows, ...read.map((row, i) => [part * PART + i, row] as const)]);
    } catch (error) {
      parts.delete(part);
      this.problem = why(error);
    }
  }

  only(filter: EntryState | null): void {
    this.filter = filter;
    this.rows = new Map();
    this.#forget();
  }

  choose(entry: number): Promise<void> {
    [this.#chosen, this.#begun, this.note] = [entry, null, ''];
    return this.read();
  }

  async dial(number: string): Promise<void> {
    if (this.dialling) return;
    [this.dialling, this.refused] = [true, null];
    // a moment early: clocks of the phone system and of this page may differ
    this.#begun ??= new Date(Date.now() - 5_000).toISOString();
    try {
      await this.#backend.dial(number);
    } catch (error) {
      this.refused = why(error);
    }
    this.dialling = false;
  }

  /** Says what came of it; true once that is durable, and whoever is next is shown. */
  async say(result: TryResult, next: string | null): Promise<boolean> {
    const entry = this.work?.entry;
    if (!entry || this.#saying) return false;
    this.#saying = true;
    this.#asked += 1;
    try {
      const work = await this.#backend.campaignTry(entry.id, { result, note: this.note, next, begun: result === 'skipped' ? null : this.#begun });
      [this.#chosen, this.#begun, this.note, this.refused] = [null, null, '', null];
      this.#show(work);
      this.#forget();
      return true;
    } catch (error) {
      this.refused = why(error);
      return false;
    } finally {
      this.#saying = false;
    }
  }

  async close(closed: boolean): Promise<void> {
    try {
      await this.#backend.closeCampaign(this.#id, closed);
      this.refused = null;
      [this.#chosen, this.work] = [null, this.work && { ...this.work, entry: null }];
      await this.read();
    } catch (error) {
      this.refused = why(error);
    }
  }

  #show(work: CampaignWorkView): void {
    const before = this.work?.campaign.counts;
    if (before && JSON.stringify(before) !== JSON.stringify(work.campaign.counts)) this.#forget();
    [this.work, this.problem] = [work, null];
  }

  #forget(): void {
    this.#parts = new Set();
    this.old = true;
  }
}
