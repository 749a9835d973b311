/* A report as it is asked for, and files made of it. */
import type { Backend } from '../backend';
import type { PeriodView } from '../generated/PeriodView';
import type { ReportPart } from '../generated/ReportPart';
import type { ReportRequest } from '../generated/ReportRequest';
import type { ReportView } from '../generated/ReportView';
import { why } from '../shared/said';

export class Reports {
  request = $state.raw<ReportRequest>({ period: { kind: 'days', days: 7 }, queue: '', agent: '', target_seconds: null });
  report = $state.raw<ReportView | null>(null);
  problem = $state<string | null>(null);
  busy = $state(false);
  /** Where a file was written, or why not. */
  written = $state<{ path: string } | { why: string } | null>(null);
  writing = $state(false);

  readonly #backend: Backend;
  #asked = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Reads the report; an answer that comes late is dropped. */
  async read(): Promise<void> {
    const asked = ++this.#asked;
    [this.busy, this.problem] = [true, null];
    try {
      const report = await this.#backend.callReport(this.request);
      if (asked === this.#asked) this.report = report;
    } catch (error) {
      if (asked === this.#asked) this.problem = why(error);
    }
    if (asked === this.#asked) this.busy = false;
  }

  set(change: Partial<ReportRequest>): Promise<void> {
    this.request = { ...this.request, ...change };
    return this.read();
  }

  over(period: PeriodView): Promise<void> {
    return this.set({ period });
  }

  /** Writes one list as CSV, or all of them as a workbook. */
  async write(part: ReportPart | null): Promise<void> {
    if (this.writing) return;
    this.writing = true;
    try {
      this.written = { path: await this.#backend.exportCallReport(this.request, part) };
    } catch (error) {
      this.written = { why: why(error) };
    }
    this.writing = false;
  }
}
