/*
 * The settings as they stand in the file, with what was entered and is not saved yet. Nothing that was entered is lost
 * when the file changes on the disk or a change is refused.
 */
import type { Backend } from '../backend';
import type { Blank } from '../generated/Blank';
import type { Change } from '../generated/Change';
import type { Entry } from '../generated/Entry';
import type { FilledGroup } from '../generated/FilledGroup';
import type { Sheet } from '../generated/Sheet';
import type { Value } from '../generated/Value';
import type { Wrong } from '../generated/Wrong';
import { refusal } from '../backend';
import { why } from '../shared/said';
import { t } from '../shared/words';

export class Settings {
  sheet = $state.raw<Sheet | null>(null);
  /** What was entered, by address; null where a key is to go. */
  drafts = $state<Record<string, Value | null>>({});
  /** Entries that are in no file yet: their address and kind. */
  fresh = $state.raw<{ list: string; at: string; kind: string | null }[]>([]);
  wrong = $state.raw<Wrong | null>(null);
  problem = $state<string | null>(null);
  saved = $state(false);
  /** The file was read anew while something stood here that is not saved. */
  reread = $state(false);
  busy = $state(false);

  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get dirty(): boolean {
    return this.fresh.length > 0 || Object.keys(this.drafts).length > 0;
  }

  /** Reads the file; what was entered stays. */
  async read(): Promise<void> {
    if (this.busy) return;
    try {
      const sheet = await this.#backend.settings();
      if (this.busy) return;
      const other = this.sheet !== null && sheet.revision !== this.sheet.revision;
      if (other && this.dirty) this.reread = true;
      if (other) this.saved = false;
      if (this.sheet === null || other || sheet.restart !== this.sheet.restart) this.sheet = sheet;
      this.problem = null;
    } catch (error) {
      this.problem = t('set.not_read', { why: why(error) });
    }
  }

  /** What stands at an address, entered or in the file. */
  shown(at: string, inFile: Value | undefined): Value | null {
    return at in this.drafts ? (this.drafts[at] ?? null) : (inFile ?? null);
  }

  enter(at: string, value: Value | null, inFile: Value | undefined): void {
    this.saved = false;
    if (this.wrong?.at === at) this.wrong = null;
    if (JSON.stringify(value ?? null) === JSON.stringify(inFile ?? null)) delete this.drafts[at];
    else this.drafts[at] = value;
  }

  /** The entries of a list: those of the file, then the new ones. */
  entries(group: FilledGroup, list: string): { entry: Entry; blank: Blank | undefined; fresh: boolean }[] {
    const blank = (kind: string | null) => group.kinds.find((one) => one.kind === kind) ?? (group.kinds[0]?.kind === null ? group.kinds[0] : undefined);
    const kept = group.entries.map((entry) => ({ entry, blank: blank(entry.kind), fresh: false }));
    const added = this.fresh.filter((one) => one.list === list).map(({ at, kind }) => ({ entry: { at, kind, values: [], groups: blank(kind)?.groups ?? [] } as Entry, blank: blank(kind), fresh: true }));
    return [...kept, ...added];
  }

  add(group: FilledGroup, list: string, kind: string | null): void {
    const place = group.entries.length + this.fresh.filter((one) => one.list === list).length;
    this.saved = false;
    this.fresh = [...this.fresh, { list, at: `${list}.${place}`, kind }];
  }

  discard(): void {
    [this.drafts, this.fresh, this.wrong, this.reread] = [{}, [], null, false];
  }

  /** Saves all that was entered, or nothing. */
  save(): Promise<boolean> {
    const kinds: Change[] = this.fresh.filter(({ kind }) => kind !== null).map(({ at, kind }) => ({ do: 'set', at: `${at}.kind`, value: kind! }));
    const entered = Object.entries(this.drafts).map(([at, value]): Change => (value === null ? { do: 'remove', at } : { do: 'set', at, value: $state.snapshot(value) as Value }));
    return this.#change([...kinds, ...entered]);
  }

  /** Saves these changes; what was entered for other keys stays. */
  async apply(changes: Change[]): Promise<boolean> {
    const drafts = { ...this.drafts };
    const saved = await this.#change(changes);
    if (saved) {
      for (const { at } of changes) delete drafts[at];
      this.drafts = drafts;
    }
    return saved;
  }

  /** One change that counts at once. */
  now(change: Change): Promise<boolean> {
    return this.#change([change]);
  }

  async keepSecret(name: string, secret: string): Promise<string | null> {
    try {
      const reference = await this.#backend.keepSecret(name, secret);
      this.problem = null;
      return reference;
    } catch (error) {
      this.problem = why(error);
      return null;
    }
  }

  async restart(): Promise<void> {
    try {
      await this.#backend.restart();
    } catch (error) {
      this.problem = why(error);
    }
  }

  async #change(changes: Change[]): Promise<boolean> {
    if (this.sheet === null || this.busy) return false;
    this.busy = true;
    try {
      const { wrong, sheet } = await this.#backend.changeSettings(this.sheet.revision, changes);
      [this.sheet, this.wrong, this.problem] = [sheet, wrong, null];
      if (wrong === null) {
        this.discard();
        this.saved = true;
      }
      return wrong === null;
    } catch (error) {
      this.problem = why(error);
      if (refusal(error).code === 'overtaken') this.sheet = await this.#backend.settings().catch(() => this.sheet);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

/** A list as lines. */
export const asLines = (value: Value | null): string => (Array.isArray(value) ? value.map((one) => (Array.isArray(one) ? one.join(' = ') : one)).join('\n') : typeof value === 'string' ? value : '');

/** The lines of a text that say something. */
export const lines = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter(Boolean);

/** `name = value`, one a line; what has no `=` is a name without a value. */
export const pairs = (text: string): [string, string][] => lines(text).map((line) => {
  const at = line.indexOf('=');
  return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
});

/** A number where it is one, and otherwise what was written, so that the reader says what is wrong with it. */
export const numeral = (text: string): Value | null => (text.trim() === '' ? null : /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text.trim()) : text);
