/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { changedSheet, demoPreview, demoRefused, demoSheet } from '../demo/settings';
import { demoLog } from '../demo/log';
import { stateNamed } from '../demo/states';
import { whyOf } from '../demo/why';
import Desk from '../desk/Desk.svelte';
import { fieldWord } from '../desk/field-words';
import type { Change } from '../generated/Change';
import type { HeardView } from '../generated/HeardView';
import type { SentenceView } from '../generated/SentenceView';
import { chooseLanguage, lookUp } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T18:00:00Z');
const mapping = readFileSync(join(import.meta.dirname, '../../src-tauri/src/source/mapping.rs'), 'utf8');
const settle = () => vi.advanceTimersByTimeAsync(1);
const HEARD: HeardView = { up: false, refused: false, said: [], after_ms: null, lines: [], calls: 0, at: null };

/** Settings of which nothing was ever written. */
function nothing() {
  const sheet = demoSheet();
  for (const group of sheet.groups) {
    if (group.many) group.entries = [];
    else for (const entry of group.entries) entry.values = [];
  }
  return { ...sheet, absent: true };
}

async function open(more: Partial<Backend> = {}) {
  let sheet = nothing();
  const told: Change[][] = [];
  const on = stage(stateNamed('idle', NOW)!, {
    settings: async () => sheet,
    changeSettings: async (_revision, changes) => {
      told.push(changes);
      const answer = changedSheet(sheet, changes);
      sheet = answer.sheet as typeof sheet;
      return answer;
    },
    previewFile: async (_path, maps, leftOut) => demoPreview(maps, leftOut),
    importSource: async () => ({ records: 12, refused: 0, examples: [], trouble: [] }),
    ...more,
  });
  render(Desk, { backend: on.backend });
  await settle();
  window.dispatchEvent(new HashChangeEvent('hashchange'));
  await settle();
  return { ...on, told };
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
  location.hash = '';
});
afterEach(() => {
  cleanup();
  location.hash = '';
  vi.useRealTimers();
});

describe('the first steps', () => {
  it('come by themselves where nothing was ever set, and can be left', async () => {
    await open();
    expect(screen.getByTestId('setup')).toBeTruthy();
    expect(screen.getByTestId('setup-skip').getAttribute('href')).toBe('#/today');
  });

  it('do not come where there are settings', async () => {
    await open({ settings: async () => demoSheet() });
    expect(screen.queryByTestId('setup')).toBeNull();
  });

  it('try a phone system with what was entered, say what it says, and take the phone that rings', async () => {
    let heard = HEARD;
    const { told, asked } = await open({ phoneSystemHeard: async () => heard });
    await fireEvent.click(screen.getByTestId('setup-kind-asterisk'));
    await fireEvent.input(screen.getByTestId('set-feed.0.host'), { target: { value: 'pbx.example' } });
    await fireEvent.click(screen.getByTestId('setup-test'));
    await settle();
    const tried = asked.find(([command]) => command === 'tryPhoneSystem')!;
    expect(tried[2]).toEqual([{ do: 'set', at: 'feed.0.kind', value: 'asterisk' }, { do: 'set', at: 'feed.0.name', value: 'asterisk' }, { do: 'set', at: 'feed.0.host', value: 'pbx.example' }]);
    expect(screen.getByTestId('setup-heard').textContent).toContain('Connecting');
    heard = { ...HEARD, refused: true, said: [{ key: 'refused.config', params: { why: 'no such user' } }] };
    await vi.advanceTimersByTimeAsync(500);
    expect(screen.getByTestId('setup-heard').textContent).toContain('no such user');
    heard = { ...HEARD, up: true, after_ms: 28, lines: ['104'], calls: 1 };
    await vi.advanceTimersByTimeAsync(500);
    expect(screen.getByTestId('setup-heard').textContent).toContain('Connected in 28 ms');
    await fireEvent.click(screen.getByTestId('setup-line'));
    await fireEvent.click(screen.getByTestId('setup-next'));
    await settle();
    expect(told[0]).toContainEqual({ do: 'set', at: 'agent.extensions', value: ['104'] });
    expect(screen.getByTestId('setup-path')).toBeTruthy();
  });

  it('keep what was entered when it is refused, and when another kind is looked at', async () => {
    await open();
    await fireEvent.click(screen.getByTestId('setup-kind-asterisk'));
    await fireEvent.input(screen.getByTestId('set-feed.0.port'), { target: { value: '70000' } });
    await fireEvent.click(screen.getByTestId('setup-next'));
    await settle();
    expect(screen.getByTestId('setup-wrong').textContent).toContain('65535');
    await fireEvent.click(screen.getByTestId('setup-kind-sip'));
    await fireEvent.click(screen.getByTestId('setup-kind-asterisk'));
    expect((screen.getByTestId('set-feed.0.port') as HTMLInputElement).value).toBe('70000');
  });

  it('read a file after its columns were looked at, and let a pretend call ring', async () => {
    const { told, asked } = await open();
    await fireEvent.click(screen.getByTestId('setup-next'));
    await settle();
    await fireEvent.input(screen.getByTestId('setup-path'), { target: { value: '/data/kupci.xlsx' } });
    await fireEvent.click(screen.getByTestId('setup-look'));
    await settle();
    const meanings = (header: string) => [...screen.getByTestId<HTMLSelectElement>(`setup-field-${header}`).options].map(({ value, textContent }) => [value, textContent]);
    expect(meanings('Rok')).toContainEqual(['due', 'due date']);
    await fireEvent.change(screen.getByTestId('setup-field-Rok'), { target: { value: 'due' } });
    await settle();
    await fireEvent.click(screen.getByTestId('setup-import'));
    await settle();
    expect(told.at(-1)).toContainEqual({ do: 'set', at: 'source.0.map', value: [['due', 'Rok']] });
    expect(screen.getByTestId('setup-imported').textContent).toContain('12 records');
    await fireEvent.click(screen.getByTestId('setup-import'));
    await fireEvent.input(screen.getByTestId('setup-number'), { target: { value: '021/555-014' } });
    await fireEvent.click(screen.getByTestId('setup-ring'));
    await settle();
    expect(asked).toContainEqual(['pretendCall', 'ring', '021/555-014']);
  });

  it('leave a column out whose meaning was guessed, in the table and in what is imported, until another meaning is chosen', async () => {
    const { told, asked } = await open({ previewFile: async (path, maps, leftOut) => (asked.push(['previewFile', path, maps, leftOut]), demoPreview(maps, leftOut)) });
    await fireEvent.click(screen.getByTestId('setup-next'));
    await settle();
    await fireEvent.input(screen.getByTestId('setup-path'), { target: { value: '/data/kupci.xlsx' } });
    await fireEvent.click(screen.getByTestId('setup-look'));
    await settle();
    const field = (header: string) => screen.getByTestId<HTMLSelectElement>(`setup-field-${header}`);
    const choose = async (header: string, value: string) => (await fireEvent.change(field(header), { target: { value } }), settle());
    expect(field('Kontakt').value).toBe('name');
    await choose('Kontakt', '');
    expect(field('Kontakt').value).toBe('');
    await choose('Saldo', '');
    await choose('Saldo', 'open');
    expect([field('Kontakt').value, field('Saldo').value]).toEqual(['', 'open']);
    expect(asked.filter(([command]) => command === 'previewFile').at(-1)).toEqual(['previewFile', '/data/kupci.xlsx', [['open', 'Saldo']], ['Kontakt']]);
    await fireEvent.click(screen.getByTestId('setup-import'));
    await settle();
    expect(told.at(-1)).toContainEqual({ do: 'set', at: 'source.0.leave_out', value: ['Kontakt'] });
    expect(told.at(-1)).toContainEqual({ do: 'set', at: 'source.0.map', value: [['open', 'Saldo']] });
  });

  it('look at a file that is chosen in the dialog of the system, and leave all as it is where that is closed', async () => {
    let chosen: string | null = '/data/kupci.xlsx';
    const { asked } = await open({ chooseFile: async () => chosen, previewFile: async (path, maps, leftOut) => (asked.push(['previewFile', path, maps]), demoPreview(maps, leftOut)) });
    await fireEvent.click(screen.getByTestId('setup-next'));
    await settle();
    await fireEvent.click(screen.getByTestId('setup-choose'));
    await settle();
    expect([screen.getByTestId<HTMLInputElement>('setup-path').value, screen.getAllByTestId('setup-column').length]).toEqual(['/data/kupci.xlsx', 6]);
    chosen = null;
    await fireEvent.click(screen.getByTestId('setup-choose'));
    await settle();
    expect(asked.filter(([command]) => command === 'previewFile')).toEqual([['previewFile', '/data/kupci.xlsx', []]]);
    expect(screen.getAllByTestId('setup-column')).toHaveLength(6);
  });

  it.each([
    ['hr', 'Excelova radna knjiga, list Kupci', 'Tel: telefonski brojevi spremljeni su kao brojevi (3), pa su im izgubljene početne nule', ['2 retka nisu se mogla koristiti.'], ['Nije korišteno: kupci-2026.xlsx, redak 17: šifra kupca: prazno je', 'Nije korišteno: 10044: kupci-2026.xlsx, redak 44: ime osobe: prazno je']],
    ['es', 'libro de Excel, hoja Kupci', 'Tel: hay números de teléfono guardados como números (3), por lo que pierden los ceros iniciales', ['No se pudieron usar 2 filas.'], ['No usado: kupci-2026.xlsx, línea 17: clave del cliente: está vacío', 'No usado: 10044: kupci-2026.xlsx, línea 44: nombre de la persona: está vacío']],
    ['en', 'Excel workbook, sheet Kupci', 'Tel: telephone numbers are kept as numbers (3), so their leading zeros are lost', ['2 rows could not be used.'], ['Not used: kupci-2026.xlsx, line 17: customer’s key is empty', 'Not used: 10044: kupci-2026.xlsx, line 44: person’s name is empty']],
  ])('say in %s what the importer found, and which rows it did not use', async (language, written, remark, rows, refused) => {
    chooseLanguage(language, '');
    await open({ importSource: async () => ({ records: 1410, ...demoRefused() }) });
    await fireEvent.click(screen.getByTestId('setup-next'));
    await settle();
    await fireEvent.input(screen.getByTestId('setup-path'), { target: { value: '/data/kupci.xlsx' } });
    await fireEvent.click(screen.getByTestId('setup-look'));
    await settle();
    const texts = (id: string) => screen.getAllByTestId(id).map(({ textContent }) => textContent!.trim());
    expect(screen.getByText(/kupci-2026\.xlsx, Kupci:/).textContent).toContain(written);
    expect(texts('setup-remark')[0]).toContain(remark);
    await fireEvent.click(screen.getByTestId('setup-import'));
    await settle();
    expect([texts('setup-refused'), texts('setup-not-used')]).toEqual([rows, refused]);
  });

  it('show the columns of a table that lacks one, and import it once somebody said which it is', async () => {
    const preview = demoPreview([], []);
    const table = preview.tables[0]!;
    const lacks: SentenceView[] = [
      { key: 'import.looks_like', params: { path: 'kupci.csv', kind: [{ key: 'setup.holds.customers', params: {} }] } },
      { key: 'import.no_column', params: { field: [{ key: 'setup.f.phone', params: {} }] } },
    ];
    await open({ previewFile: async (_path, maps) => (maps.length > 0 ? preview : { ...preview, tables: [{ ...table, lacks }], ready: false }) });
    await fireEvent.click(screen.getByTestId('setup-next'));
    await settle();
    await fireEvent.input(screen.getByTestId('setup-path'), { target: { value: 'kupci.csv' } });
    await fireEvent.click(screen.getByTestId('setup-look'));
    await settle();
    expect(screen.getByTestId('setup-lacks').textContent).toBe('Kupci.csv: it looks like customers. No column was found for: telephone number. Choose in the table what each column is.');
    expect(screen.getByTestId<HTMLButtonElement>('setup-import').disabled).toBe(true);
    await fireEvent.change(screen.getByTestId('setup-field-Tel'), { target: { value: 'phone' } });
    await settle();
    expect(screen.queryByTestId('setup-lacks')).toBeNull();
    expect(screen.getByTestId<HTMLButtonElement>('setup-import').disabled).toBe(false);
  });

  it('say why an import did not come to its end, and stay there', async () => {
    chooseLanguage('hr', '');
    await open({ importSource: async () => ({ records: 0, refused: 0, examples: [], trouble: [{ key: 'import.still_written', params: { path: 'kupci.csv' } }] }) });
    await fireEvent.click(screen.getByTestId('setup-next'));
    await settle();
    await fireEvent.input(screen.getByTestId('setup-path'), { target: { value: 'kupci.csv' } });
    await fireEvent.click(screen.getByTestId('setup-look'));
    await settle();
    await fireEvent.click(screen.getByTestId('setup-import'));
    await settle();
    expect(screen.getByTestId('setup-trouble').textContent).toBe('Kupci.csv se još piše; čita se kad se smiri');
  });

  it('say why the pretend call popped, step by step, or why that cannot be said', async () => {
    const view = stateNamed('ringing', NOW)!;
    const popped = { ...whyOf(demoLog(NOW)[0]!), call: '(pretend):1' };
    let broken = true;
    const { say } = await open({ why: async (call) => (broken ? Promise.reject({ code: 'no_traces', message: 'nothing is traced' }) : { ...popped, call }) });
    await fireEvent.click(screen.getByTestId('setup-next'));
    await settle();
    await fireEvent.click(screen.getByTestId('setup-skip-data'));
    await settle();
    expect(screen.queryByTestId('setup-why')).toBeNull();
    say({ ...view, cards: view.cards.slice(0, 1).map((card) => ({ ...card, call: '(pretend):1' })) });
    await settle();
    await fireEvent.click(screen.getByTestId('setup-why'));
    await settle();
    expect(screen.getByTestId('setup-why-problem').textContent).toContain('nothing is traced');
    broken = false;
    await fireEvent.click(screen.getByTestId('setup-why'));
    await fireEvent.click(screen.getByTestId('setup-why'));
    await settle();
    expect(screen.getByTestId('setup-why-answer').dataset.code).toBe(popped.answer.code);
    expect(screen.getByTestId('why-stages')).toBeTruthy();
  });

  it('have a word for all that a column can mean', () => {
    const fields = [...mapping.matchAll(/^    \w+ "(\w+)" "[^"]+",$/gm)].map(([, name]) => name!);
    expect(fields.length).toBeGreaterThan(30);
    expect(fields.filter((name) => lookUp(`setup.f.${name}`, {}) !== fieldWord(name))).toEqual([]);
  });
});
