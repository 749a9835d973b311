/* The first start: what is entered is kept until it is saved, and what is refused stays where it was entered. */
import type { Backend } from '../backend';
import type { Blank } from '../generated/Blank';
import type { Change } from '../generated/Change';
import type { FilePreviewView } from '../generated/FilePreviewView';
import type { HeardView } from '../generated/HeardView';
import type { ImportedView } from '../generated/ImportedView';
import type { Value } from '../generated/Value';
import { why } from '../shared/said';
import { Settings } from './settings.svelte';

/** The source that the first start makes. */
const SOURCE = 'customers';

export class Setup {
  readonly settings: Settings;
  kind = $state('simulated');
  heard = $state.raw<HeardView | null>(null);
  path = $state('');
  preview = $state.raw<FilePreviewView | null>(null);
  /** What columns mean where somebody said so, by column; empty: it is left out. */
  meanings = $state<Record<string, string>>({});
  imported = $state.raw<ImportedView | null>(null);
  busy = $state(false);
  problem = $state<string | null>(null);

  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.settings = new Settings(backend);
  }

  /** Reads the settings; where a phone system is set up already, it is the one that is shown. */
  async read(): Promise<void> {
    await this.settings.read();
    const kind = this.#feeds?.entries[0]?.kind;
    if (kind) this.kind = kind;
  }

  get blank(): Blank | undefined {
    return this.#feeds?.kinds.find(({ kind }) => kind === this.kind);
  }

  /** The address of the phone system: that of the file where it is of this kind, else a new one. */
  get feed(): string {
    const entries = this.#feeds?.entries ?? [];
    const known = entries.findIndex(({ kind }) => kind === this.kind);
    return `feed.${known < 0 ? entries.length : known}`;
  }

  /** What stands in the file at a key of the phone system. */
  inFile(key: string): Value | undefined {
    return this.#feeds?.entries.find(({ at }) => at === this.feed)?.values.find(([name]) => name === key)?.[1];
  }

  async savePhone(): Promise<boolean> {
    const saved = await this.#save(this.#phone());
    if (saved) await this.endTest();
    return saved;
  }

  async test(): Promise<void> {
    if (this.settings.sheet === null) return;
    [this.heard, this.problem, this.settings.wrong] = [null, null, null];
    try {
      const wrong = await this.#backend.tryPhoneSystem(this.settings.sheet.revision, this.#phone(), String(this.settings.shown(`${this.feed}.name`, this.inFile('name')) ?? this.kind));
      this.settings.wrong = wrong;
      this.heard = wrong ? null : await this.#backend.phoneSystemHeard();
    } catch (error) {
      this.problem = why(error);
    }
  }

  async hear(): Promise<void> {
    if (this.heard) this.heard = await this.#backend.phoneSystemHeard().catch(() => this.heard);
  }

  async endTest(): Promise<void> {
    this.heard = null;
    await this.#backend.endPhoneTrial().catch(() => undefined);
  }

  /** Looks at a file that somebody chooses in the system's dialog. */
  async choose(title: string, kind: string): Promise<void> {
    this.problem = null;
    try {
      const path = await this.#backend.chooseFile(title, kind);
      if (path === null) return;
      this.enter(path);
      await this.look();
    } catch (error) {
      this.problem = why(error);
    }
  }

  /** Another file is wanted: what was found out of the one before counts no more. */
  enter(path: string): void {
    [this.path, this.preview, this.imported, this.meanings] = [path, null, null, {}];
  }

  async look(): Promise<void> {
    [this.busy, this.problem, this.imported] = [true, null, null];
    try {
      this.preview = await this.#backend.previewFile(this.path, this.#maps(), this.#leftOut());
    } catch (error) {
      [this.problem, this.preview] = [why(error), null];
    }
    this.busy = false;
  }

  mean(column: string, field: string): Promise<void> {
    this.meanings[column] = field;
    return this.look();
  }

  async importFile(): Promise<boolean> {
    [this.busy, this.problem] = [true, null];
    try {
      if (!(await this.#save(this.#data()))) return false;
      this.imported = await this.#backend.importSource(SOURCE);
      return this.imported.trouble.length === 0;
    } catch (error) {
      this.problem = why(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Saves what was entered of the panel. */
  finish(): Promise<boolean> {
    return this.#save(this.#entered(Object.keys(this.settings.drafts).filter((at) => at.startsWith('panel.'))));
  }

  /** Something that was set counts after a restart only. */
  get restarts(): boolean {
    return this.settings.sheet?.restart === true || Object.keys(this.settings.drafts).some((at) => at.startsWith('panel.'));
  }

  get #feeds() {
    return this.settings.sheet?.groups.find(({ name }) => name === 'feed');
  }

  /** The phone system and my extensions, as they were entered; what was entered for another kind is left out. */
  #phone(): Change[] {
    const at = this.feed;
    const fresh = !this.#feeds?.entries.some((entry) => entry.at === at);
    const changes: Change[] = fresh ? [{ do: 'set', at: `${at}.kind`, value: this.kind }, { do: 'set', at: `${at}.name`, value: this.kind }] : [];
    const keys = [...(this.blank?.keys ?? []).map(({ name }) => `${at}.${name}`), 'agent.extensions', 'agent.name'];
    return [...changes, ...this.#entered(keys)];
  }

  /** What was entered at these addresses. */
  #entered(keys: string[]): Change[] {
    return keys.flatMap((at): Change[] => {
      const value = this.settings.drafts[at];
      if (value === undefined) return [];
      return [value === null ? { do: 'remove', at } : { do: 'set', at, value: $state.snapshot(value) as Value }];
    });
  }

  #data(): Change[] {
    const entries = this.settings.sheet?.groups.find(({ name }) => name === 'source')?.entries ?? [];
    const known = entries.findIndex(({ values }) => values.some(([key, value]) => key === 'name' && value === SOURCE));
    const at = `source.${known < 0 ? entries.length : known}`;
    const changes: Change[] = known < 0 ? [{ do: 'set', at: `${at}.kind`, value: 'files' }, { do: 'set', at: `${at}.name`, value: SOURCE }] : [];
    changes.push({ do: 'set', at: `${at}.path`, value: this.path.trim() });
    const said: [string, Value & unknown[]][] = [['map', this.#maps()], ['leave_out', this.#leftOut()]];
    for (const [key, value] of said) {
      // what was said of the file before counts no more
      if (value.length > 0) changes.push({ do: 'set', at: `${at}.${key}`, value });
      else if (entries[known]?.values.some(([name]) => name === key)) changes.push({ do: 'remove', at: `${at}.${key}` });
    }
    const region = this.settings.drafts['home_region'];
    if (typeof region === 'string') changes.push({ do: 'set', at: 'home_region', value: region });
    return changes;
  }

  /** What columns mean, by field. */
  #maps(): [string, string][] {
    return Object.entries(this.meanings).flatMap(([column, field]): [string, string][] => (field === '' ? [] : [[field, column]]));
  }

  #leftOut(): string[] {
    return Object.entries(this.meanings).flatMap(([column, field]) => (field === '' ? [column] : []));
  }

  async #save(changes: Change[]): Promise<boolean> {
    if (changes.length === 0) return true;
    this.problem = null;
    const saved = await this.settings.apply(changes);
    this.problem = this.settings.problem;
    return saved;
  }
}
