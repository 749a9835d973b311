/* The settings of the made-up shop, as Rust shows them (`tests/bindings.rs` writes the file), and changes to them. */
import type { Change } from '../generated/Change';
import type { Changed } from '../generated/Changed';
import type { Entry } from '../generated/Entry';
import type { FilePreviewView } from '../generated/FilePreviewView';
import type { ImportedView } from '../generated/ImportedView';
import type { SentenceView } from '../generated/SentenceView';
import type { Sheet } from '../generated/Sheet';
import shown from './settings.json';

export const demoSheet = (): Sheet => structuredClone(shown) as unknown as Sheet;

/** Sets and removes keys of what is there; a port above 65535 is refused, as the reader does. */
export function changedSheet(sheet: Sheet, changes: Change[]): Changed {
  const next = structuredClone(sheet);
  for (const change of changes) {
    const dot = change.at.lastIndexOf('.');
    const [above, key] = [change.at.slice(0, Math.max(0, dot)), change.at.slice(dot + 1)];
    if (change.do === 'set' && key === 'port' && Number(change.value) > 65_535) {
      return { wrong: { at: change.at, said: [{ key: 'wrong.port', params: {} }], line: 12 }, sheet };
    }
    const entry = find(next.groups.flatMap(({ entries }) => entries), above);
    if (!entry) continue;
    entry.values = entry.values.filter(([name]) => name !== key);
    if (change.do === 'set') entry.values.push([key, change.value]);
  }
  next.revision = `${next.revision}+`;
  return { wrong: null, sheet: { ...next, restart: true, absent: false } };
}

function find(entries: Entry[], at: string): Entry | undefined {
  for (const entry of entries) {
    const found = entry.at === at ? entry : find(entry.groups.flatMap(({ entries: inner }) => inner), at);
    if (found) return found;
  }
  return undefined;
}

/** A workbook as it would be read. */
export function demoPreview(maps: [string, string][], leftOut: string[]): FilePreviewView {
  const meaning = (header: string, field: string | null) => maps.find(([, of]) => of === header)?.[0] ?? field;
  const column = (header: string, field: string | null, ...examples: string[]) => ({ header, field: leftOut.includes(header) ? null : meaning(header, field), examples });
  const columns = [column('Naziv', 'company', 'Konoba Kod Šime'), column('Kontakt', 'name', 'Božena Kovačić'), column('Tel', 'phone', '021/555-014'), column('Saldo', 'open', '418,60'), column('Rok', null, '12.11.2026'), column('Šifra', 'customer', '10027')];
  const fields = ['customer', 'name', 'company', 'phone', 'open', 'due'];
  const written = [{ key: 'import.as_sheet', params: { as: [{ key: 'import.as_excel', params: {} }], sheet: 'Kupci' } }];
  const remarks = [[{ key: 'import.zeros_lost', params: { column: 'Tel', count: '3' } }]];
  return { tables: [{ name: 'kupci-2026.xlsx, Kupci', holds: 'customers', written, columns, remarks, lacks: [] }], fields, ready: true };
}

/** The row of it that has no number to call, and another. */
export function demoRefused(): Omit<ImportedView, 'records'> {
  const row = (line: number, field: string): SentenceView => ({ key: 'import.row', params: { file: 'kupci-2026.xlsx', line: String(line), why: [{ key: 'import.row_lacks', params: { field: [{ key: `setup.f.${field}`, params: {} }] } }] } });
  return { refused: 2, examples: [{ key: '', said: [row(17, 'customer')] }, { key: '10044', said: [row(44, 'name')] }], trouble: [] };
}
