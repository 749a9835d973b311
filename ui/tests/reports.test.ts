/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backend } from '../backend';
import { fakeBackend } from '../backend.fake';
import { demoReport } from '../demo/report';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import en from '../messages/en.json';
import { chooseLanguage, type Language } from '../shared/words';
import { stack, told } from '../supervisor/chart';
import { byDay, byHour, byWeekday, handles, levels, place, waits } from '../supervisor/report-charts';
import { calendarDay, daysAfter, FIGURE, measured } from '../supervisor/report-words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T18:00:00Z');
const WEEK = demoReport({ period: { kind: 'days', days: 7 }, queue: '', agent: '', target_seconds: 20 }, NOW);
const squeezed = (one: Element | null) => one?.textContent?.replace(/\s+/g, ' ').trim();
const cells = (row: Element) => [...row.querySelectorAll('th, td')].map(squeezed);

function open(more: Partial<Backend> = {}) {
  location.hash = '#/reports';
  const on = stage(stateNamed('idle', NOW)!, more);
  render(Desk, { backend: on.backend });
  return on;
}

beforeEach(() => chooseLanguage('en', ''));
afterEach(() => {
  cleanup();
  location.hash = '';
});

describe('the figures of a report', () => {
  it('stand beside those of the period before, the leading ones on top', async () => {
    open();
    const first = await screen.findByTestId('kpi-offered');
    expect(squeezed(first)).toBe('Offered 2,306 before: 2,130');
    expect(squeezed(screen.getByTestId('kpi-wait_mean'))).toBe('Average speed of answer 0:11 before: 0:13');
    expect(squeezed(screen.getByTestId('kpi-kept_rate'))).toBe('Callbacks kept in time 91% before: 88%');
    const rows = [...screen.getByTestId('figures').querySelectorAll('tbody tr')];
    expect(rows).toHaveLength(29);
    expect(cells(rows[7]!)).toEqual(['Service level', '87.4%', '86.1%']);
    expect(cells(rows[28]!)).toEqual(['Panel told after, median', '1.42 ms', '1.4 ms']);
  });

  it('have their meaning one click away, with the target where it counts', async () => {
    open();
    await fireEvent.click(await screen.findByTestId('what-service_level'));
    expect(squeezed(screen.getByTestId('means'))).toBe('Answered within the target, of all offered but those whose caller gave up within it. The target is 20 s.');
    await fireEvent.click(screen.getByTestId('what-talk_mean'));
    expect(squeezed(screen.getByTestId('means'))).toBe('From the answer to the end, holds included.');
  });

  it('are all known by name, and mean what the document says', () => {
    const root = join(import.meta.dirname, '../..');
    const codes = [...readFileSync(join(root, 'src-tauri/src/review/figure.rs'), 'utf8').matchAll(/Figure::(?:count|share|seconds|new)\(\s*"(\w+)"/g)].map(([, code]) => code!);
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !(code in FIGURE))).toEqual([]);
    expect(Object.keys(FIGURE).sort()).toEqual([...codes].sort());
    const written = readFileSync(join(root, 'docs/review.md'), 'utf8').toLowerCase();
    const strange = Object.values(FIGURE).map(({ means }) => (en as Record<string, string>)[means]!).filter((text) => !written.includes(`| ${text.toLowerCase()} |`));
    expect(strange).toEqual([]);
  });

  it('say nothing where nothing was measured', () => {
    expect(measured(null, 'share')).toBe('–');
    expect([measured(1234, 'count'), measured(0.5, 'share'), measured(61.6, 'seconds'), measured(0.25, 'millis')]).toEqual(['1,234', '50%', '1:02', '0.25 ms']);
  });
});

describe('the period of a report', () => {
  it('is a week at first, and another when it is chosen', async () => {
    const { asked } = open();
    await screen.findByTestId('kpi-offered');
    expect(squeezed(screen.getByTestId('report-span'))).toMatch(/^\w+,? \d+ \w+ \d{4} to .*, beside as many days before$/);
    await fireEvent.click(screen.getByTestId('period-30'));
    await fireEvent.click(screen.getByTestId('period-between'));
    await fireEvent.change(screen.getByTestId('period-from'), { target: { value: '2026-11-01' } });
    // a date that is not one yet asks nothing
    await fireEvent.change(screen.getByTestId('period-until'), { target: { value: '' } });
    const periods = asked.filter(([what]) => what === 'callReport').map(([, request]) => (request as { period: Record<string, unknown> }).period);
    expect(periods.slice(0, 2)).toEqual([{ kind: 'days', days: 7 }, { kind: 'days', days: 30 }]);
    expect(periods.at(-1)).toMatchObject({ kind: 'between', from: '2026-11-01' });
    expect(periods).toHaveLength(4);
  });

  it('is of one queue or one agent when that is wanted, and says what that leaves out', async () => {
    const { asked } = open();
    await screen.findByTestId('kpi-offered');
    await fireEvent.change(screen.getByTestId('report-queue'), { target: { value: 'Sales line' } });
    await fireEvent.change(screen.getByTestId('report-agent'), { target: { value: '102' } });
    expect(asked.at(-1)?.[1]).toMatchObject({ queue: 'Sales line', agent: '102', period: { kind: 'days', days: 7 } });
    await screen.findByText(/calls that nobody answered are nobody’s/);
  });

  it('whose report cannot be made is said, and an answer that comes late is dropped', async () => {
    const waiting: ((report: typeof WEEK) => void)[] = [];
    open({ callReport: () => new Promise((done) => waiting.push(done)) });
    await screen.findByTestId('period-30');
    expect(squeezed(screen.getByTestId('report-span'))).toBe('Counting calls');
    await fireEvent.click(screen.getByTestId('period-30'));
    waiting[1]!({ ...WEEK, figures: WEEK.figures.map((one) => ({ ...one, now: 30 })) });
    waiting[0]!(WEEK);
    expect(squeezed(await screen.findByTestId('kpi-offered'))).toContain('Offered 30');
    cleanup();
    open({ callReport: async () => Promise.reject({ code: 'back_to_front', said: [{ key: 'refused.report_back_to_front', params: {} }], message: '' }) });
    expect(squeezed(await screen.findByTestId('problem'))).toContain('There is no report: the last day is before the first');
  });
});

describe('the charts of a report', () => {
  it('are each read as a table when that is wanted, one or all', async () => {
    open();
    await screen.findByTestId('drawing-hours');
    expect(screen.getByRole('img', { name: /^Calls by hour/ })).toBeTruthy();
    await fireEvent.click(screen.getByTestId('as-hours'));
    const hours = screen.getByTestId('drawing-hours');
    expect(hours.dataset.as).toBe('table');
    expect(cells(within(hours).getAllByRole('row')[1]!)).toEqual(['8–9', '55', '55', '0']);
    await fireEvent.click(screen.getByTestId('all-tables'));
    const as = [...document.querySelectorAll<HTMLElement>('[data-testid^=drawing-]')].map(({ dataset }) => dataset.as);
    expect(as).toEqual(Array(7).fill('table'));
    expect(screen.queryByRole('img', { name: /Calls by/ })).toBeNull();
  });

  it('show the hours of one weekday with their service level', async () => {
    open();
    await screen.findByTestId('drawing-hours');
    await fireEvent.change(screen.getByTestId('report-weekday'), { target: { value: '1' } });
    await fireEvent.click(screen.getByTestId('as-hours'));
    expect(cells(within(screen.getByTestId('drawing-hours')).getAllByRole('row')[1]!)).toEqual(['8–9', '12', '12', '0', '81%']);
  });

  it('count what the report counts', () => {
    const offered = WEEK.days.reduce((sum, { calls }) => sum + calls.offered, 0);
    const drawn = stack(byDay(WEEK).chart).at(-1)!.reduce<number>((sum, one) => sum + (one ?? 0), 0);
    expect(drawn).toBe(offered);
    const all = WEEK.hours.reduce((sum, { calls }) => sum + calls.offered, 0);
    for (const { chart } of [byHour(WEEK, null), byWeekday(WEEK)]) expect(stack(chart).at(-1)!.reduce<number>((sum, one) => sum + (one ?? 0), 0)).toBe(all);
    expect(levels(WEEK).chart.series[0]!.values).toContain(null);
    expect(waits(WEEK).table.rows.at(-1)).toEqual(['300 s and more', '0']);
    expect(handles(WEEK).say).toBe('2,193 calls. half at most 4:04');
    expect(byHour({ ...WEEK, hours: [] }, null).table.rows).toEqual([]);
  });

  it('put the middle where it lies among the bands', () => {
    expect([place([60, 120], 30), place([60, 120], 90), place([60, 120], 120), place([60, 120], 500)]).toEqual([0.5, 1.5, 2, 2]);
    expect(told(byDay(WEEK).chart, 0, String)).toMatch(/: Answered \d+, In vain \d+$/);
    expect([calendarDay('2026-03-29', 'short'), daysAfter('2026-02-27', 2)]).toEqual(['29 Mar', '2026-03-01']);
  });
});

describe('a report as a file', () => {
  it('is a workbook of all lists or a CSV of one, and says where it is', async () => {
    const { asked } = open();
    await screen.findByTestId('kpi-offered');
    await fireEvent.click(screen.getByTestId('export-xlsx'));
    expect(squeezed(await screen.findByTestId('written'))).toContain('Written to /tmp/report.xlsx');
    await fireEvent.click(screen.getByTestId('export-queues'));
    expect(asked.filter(([what]) => what === 'exportCallReport').map(([, , part]) => part)).toEqual([null, 'queues']);
  });

  it('that cannot be written is said', async () => {
    open({ exportCallReport: async () => Promise.reject({ code: 'not_written', message: 'the disk is full' }) });
    await screen.findByTestId('kpi-offered');
    await fireEvent.click(screen.getByTestId('export-xlsx'));
    expect(squeezed(await screen.findByTestId('written'))).toContain('Nothing was written: the disk is full');
  });
});

describe.each(['en', 'es', 'hr'] as Language[])('the page of the reports in %s', (language) => {
  it.each([false, true])('has nothing that axe-core finds wrong, as tables: %s', { timeout: 60_000 }, async (tables) => {
    chooseLanguage(language, '');
    [document.documentElement.lang, document.title] = [language, 'Ringside'];
    location.hash = '#/reports';
    render(Desk, { backend: fakeBackend('idle') });
    await screen.findByTestId('figures');
    await fireEvent.click(screen.getByTestId('what-offered'));
    if (tables) await fireEvent.click(screen.getByTestId('all-tables'));
    const rules = { 'color-contrast': { enabled: false }, 'label-content-name-mismatch': { enabled: false } };
    const { violations } = await axe.run(document, { rules, resultTypes: ['violations'] });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
  });
});
