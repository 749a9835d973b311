/* The audit trail as far as it is loaded: page by page backwards, by what is asked for. */
import type { Backend } from '../backend';
import type { AuditRequest } from '../generated/AuditRequest';
import type { AuditRowView } from '../generated/AuditRowView';
import { why } from '../shared/said';

export class Trail {
  request = $state.raw<AuditRequest>({ agent: '', act: null, customer: '', from: null, until: null });
  rows = $state.raw<AuditRowView[]>([]);
  agents = $state.raw<string[]>([]);
  /** The oldest entry there is has been loaded. */
  complete = $state(false);
  ready = $state(false);
  problem = $state<string | null>(null);
  /** Where a file was written, or why not. */
  written = $state<{ path: string } | { why: string } | null>(null);
  writing = $state(false);

  readonly #backend: Backend;
  #asked = 0;
  #loading = false;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Reads the newest entries; an answer that comes late is dropped. */
  async read(): Promise<void> {
    const asked = ++this.#asked;
    await this.#load(asked, null);
  }

  set(change: Partial<AuditRequest>): Promise<void> {
    this.request = { ...this.request, ...change };
    return this.read();
  }

  /** Reads on when the last entry that is loaded comes into sight. */
  async see(to: number): Promise<void> {
    if (this.complete || !this.ready || this.#loading || this.problem || to < this.rows.length) return;
    await this.#load(this.#asked, this.rows.at(-1)?.id ?? null);
  }

  async #load(asked: number, before: number | null): Promise<void> {
    this.#loading = true;
    this.problem = null;
    try {
      const { rows, agents } = await this.#backend.auditTrail(this.request, before);
      if (asked !== this.#asked) return;
      this.rows = before === null ? rows : [...this.rows, ...rows];
      [this.agents, this.complete, this.ready] = [agents, rows.length === 0, true];
    } catch (error) {
      if (asked === this.#asked) this.problem = why(error);
    } finally {
      if (asked === this.#asked) this.#loading = false;
    }
  }

  /** Writes every entry that is asked for as CSV; that stands in the trail too. */
  async write(): Promise<void> {
    if (this.writing) return;
    this.writing = true;
    try {
      this.written = { path: await this.#backend.exportAudit(this.request) };
      await this.read();
    } catch (error) {
      this.written = { why: why(error) };
    }
    this.writing = false;
  }
}
