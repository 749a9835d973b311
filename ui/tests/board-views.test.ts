/* Ways to look at the live board: the last hour, one queue alone, and a screen on the wall. */
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { fakeBackend } from '../backend.fake';
import { demoBoard, demoHour } from '../demo/board';
import { demoLog } from '../demo/log';
import { demoSoFar } from '../demo/report';
import { stateNamed } from '../demo/states';
import { demoToday } from '../demo/today';
import Desk from '../desk/Desk.svelte';
import type { LastHourView } from '../generated/LastHourView';
import { chooseLanguage, type Language } from '../shared/words';
import { lastHour } from '../supervisor/board-hour';
import { told } from '../supervisor/chart';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const BUSY = demoBoard(NOW, demoToday(NOW, demoLog(NOW)));
const NOBODY: LastHourView = { ...demoHour('', NOW), minutes: Array.from({ length: 60 }, () => ({ waiting: 0, late: 0, longest_seconds: 0 })), all: { waiting: 0, late: 0, longest_seconds: 0 } };
const squeezed = (one: Element | null) => one?.textContent?.replace(/\s+/g, ' ').trim();
const parts = (id: string) => [...screen.getByTestId(id).children].map(squeezed);
const queues = () => within(screen.getByTestId('board-queue')).getAllByRole('button');
const pressed = () => queues().filter((one) => one.getAttribute('aria-pressed') === 'true').map(squeezed);
const missed = () => screen.getAllByTestId('board-missed-person').map(({ dataset }) => dataset.call);

async function open(more: Partial<Backend> = {}, hash = '#/board') {
  location.hash = hash;
  const on = stage(stateNamed('idle', NOW)!, { board: async () => BUSY, ...more });
  render(Desk, { backend: on.backend });
  await vi.advanceTimersByTimeAsync(0);
  return on;
}

async function go(hash: string) {
  location.hash = hash;
  await fireEvent(window, new HashChangeEvent('hashchange'));
  await vi.advanceTimersByTimeAsync(0);
}

async function choose(queue: string) {
  await fireEvent.click(queues().find((one) => squeezed(one) === queue)!);
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => {
  chooseLanguage('en', '');
  sessionStorage.clear();
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  location.hash = '';
});

describe('the last hour', () => {
  it('says how many waited and how long, as a chart and as a table of the minutes in which anybody did', async () => {
    const minutes = NOBODY.minutes.map((none, i) => (i === 12 ? { waiting: 4, late: 1, longest_seconds: 70 } : i === 59 ? { waiting: 1, late: 0, longest_seconds: 7 } : none));
    await open({ lastHour: async () => ({ ...NOBODY, from: '2026-11-24T09:01:00Z', minutes, all: { waiting: 5, late: 1, longest_seconds: 70 } }) });
    const figure = screen.getByTestId('drawing-hour');
    expect(within(figure).getByRole('img').getAttribute('aria-label')).toBe('Callers waiting, last hour. 5 callers waited, the longest 1:10. 1 longer than 20 s. Each column is a minute.');
    await fireEvent.click(screen.getByTestId('as-hour'));
    const at = (minute: number) => new Intl.DateTimeFormat('en-GB', { hour: 'numeric', minute: '2-digit' }).format(Date.parse('2026-11-24T09:01:00Z') + minute * 60_000);
    const rows = [...figure.querySelectorAll('tr')].map((row) => [...row.querySelectorAll('th, td')].map(squeezed));
    expect(rows).toEqual([['Minute', 'Waited', 'Longer than 20 s', 'Longest wait'], [at(12), '4', '1', '1:10'], [at(59), '1', '0', '0:07']]);
  });

  it('has a whole column in the other colour where somebody had waited too long', () => {
    const minutes = NOBODY.minutes.map((none, i) => (i === 0 ? { waiting: 2, late: 0, longest_seconds: 20 } : i === 1 ? { waiting: 3, late: 1, longest_seconds: 21 } : none));
    const { chart } = lastHour({ ...NOBODY, minutes, all: { waiting: 3, late: 1, longest_seconds: 21 } });
    expect(chart.series.map(({ name, look, values }) => [name, look, values.slice(0, 3)])).toEqual([['all within 20 s', 'chart-1', [2, 0, 0]], ['somebody longer than 20 s', 'chart-2', [0, 3, 0]]]);
    expect([0, 1, 2].map((at) => told(chart, at, String).replace(/^.*?: /, ''))).toEqual(['2 callers waited, the longest 0:20.', '3 callers waited, the longest 0:21.', 'Nobody waits.']);
  });

  it('in which nobody waited says so, and draws nothing', async () => {
    await open({ lastHour: async () => NOBODY });
    expect(squeezed(screen.getByTestId('board-hour-none'))).toBe('Callers waiting, last hour Nobody waited in the last hour.');
    expect(screen.queryByTestId('drawing-hour')).toBeNull();
  });

  it('goes on while somebody waits and when a minute begins, and stands still otherwise', async () => {
    const asked = vi.fn(async (queue: string) => demoHour(queue, Date.now()));
    await open({ lastHour: asked });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(asked.mock.calls.length).toBeGreaterThanOrEqual(6);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(8);
    cleanup();
    asked.mockClear();
    await open({ lastHour: asked, board: async () => ({ ...BUSY, waiting: [] }) });
    await vi.advanceTimersByTimeAsync(25_000);
    expect(asked).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('that cannot be read is said, while the rest of the board goes on', async () => {
    const { logChanged } = await open({ lastHour: async () => Promise.reject({ code: 'journal', message: 'the disk is full' }) });
    expect(squeezed(screen.getByTestId('problem'))).toContain('the disk is full');
    logChanged();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(squeezed(screen.getByTestId('problem')), 'and stays said when the rest could be read').toContain('the disk is full');
    expect(screen.getAllByTestId('agent')).toHaveLength(8);
  });
});

describe('one queue of the board', () => {
  it('has its callers who wait and who called in vain, its day and its hour; the agents stay', async () => {
    const { asked } = await open();
    expect(queues().map(squeezed)).toEqual(['All queues', 'Orders', 'Sales line']);
    expect(pressed()).toEqual(['All queues']);
    await choose('Sales line');
    expect(pressed()).toEqual(['Sales line']);
    expect(screen.getAllByTestId('waiting').map(({ dataset }) => dataset.call)).toEqual(['wait-1', 'wait-2']);
    expect(squeezed(screen.getByTestId('board-said'))).toBe('2 callers wait, 2 longer than the target');
    expect(parts('board-waiting')).toEqual(['Waiting', '2', '1 known customer']);
    const others = BUSY.missed.filter(({ queue }) => queue === 'Sales line');
    expect([missed().length, others.length]).toEqual([2, 2]);
    expect(parts('board-missed')).toEqual(['Missed, not rung back', '2', '3 others were reached today']);
    expect(asked.filter(([what]) => what === 'todaySoFar').at(-1)?.[1]).toBe('Sales line');
    expect(asked.filter(([what]) => what === 'lastHour').at(-1)?.[1]).toBe('Sales line');
    expect(screen.getAllByTestId('agent')).toHaveLength(8);
    expect(squeezed(screen.getByTestId('board-agents').closest('section'))).toContain('calls counted in Sales line');
    await choose('All queues');
    expect(screen.getAllByTestId('waiting')).toHaveLength(3);
  });

  it('stays chosen when the page is opened again, also where nothing of it is left', async () => {
    await open();
    await choose('Orders');
    expect(squeezed(screen.getByTestId('board-said'))).toBe('0 callers wait');
    await go('#/today');
    await go('#/board');
    expect(pressed()).toEqual(['Orders']);
    cleanup();
    await open({ board: async () => ({ ...BUSY, queues: [], waiting: [], missed: [] }), todaySoFar: async () => ({ ...demoSoFar(NOW), all_queues: [] }) });
    expect(queues().map(squeezed)).toEqual(['All queues', 'Orders']);
    expect(pressed()).toEqual(['Orders']);
  });

  it('never has the figures of another under its name, however late they come', async () => {
    const answers: ((answer: void) => void)[] = [];
    const slow = (queue: string) => new Promise<void>((done) => void (queue === '' ? answers.push(done) : done()));
    await open({
      todaySoFar: async (queue) => (await slow(queue), { ...demoSoFar(NOW), figures: [{ code: 'answered', unit: 'count', now: queue === '' ? 900 : 7, before: null }] }),
      lastHour: async (queue) => (await slow(queue), queue === '' ? demoHour('', NOW) : NOBODY),
    });
    await choose('Orders');
    expect(parts('board-answered')[1], 'what was asked of all is not there yet').toBe('–');
    for (const answer of answers) answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(parts('board-answered')[1]).toBe('7');
    expect(screen.getByTestId('board-hour-none')).toBeTruthy();
  });

  it('of many is chosen in a list', async () => {
    const many = ['Sales line', 'Orders', 'Returns', 'Press', 'Night'].map((queue) => ({ queue, reached: 0 }));
    await open({ board: async () => ({ ...BUSY, queues: many }) });
    const list = screen.getByTestId<HTMLSelectElement>('board-queue');
    expect([...list.options].map(({ text }) => text)).toEqual(['All queues', 'Night', 'Orders', 'Press', 'Returns', 'Sales line']);
    await fireEvent.change(list, { target: { value: 'Returns' } });
    expect(screen.queryAllByTestId('waiting')).toEqual([]);
  });

  it('is not asked for where there is none', async () => {
    await open({ board: async () => ({ ...BUSY, queues: [] }), todaySoFar: async () => ({ ...demoSoFar(NOW), all_queues: [] }) });
    expect(screen.queryByTestId('board-queue')).toBeNull();
  });
});

describe('the wall view', () => {
  it('has the window to itself, and figures without anybody in them', async () => {
    await open();
    await fireEvent.click(screen.getByTestId('wall-view'));
    await go('#/board/wall');
    expect(document.querySelector('nav')).toBeNull();
    expect(['wall-waiting', 'wall-longest', 'wall-level', 'wall-free', 'wall-talking', 'wall-missed'].map((id) => parts(id).slice(0, 2))).toEqual([
      ['Waiting', '3'], ['Longest wait', '1:42'], ['Service level', '87%'], ['Agents free', '1'], ['Agents talking', '4'], ['Missed, not rung back', '3'],
    ]);
    const people = [...BUSY.waiting.map(({ caller }) => caller), ...BUSY.agents.flatMap((agent) => (agent.with ? [agent.with] : []))].flatMap(({ name, company, number }) => [name, company, number]);
    const named = [...people, ...BUSY.missed.flatMap(({ person }) => [person.number, person.customer?.name, person.customer?.company])];
    expect(named.filter((one) => one && document.body.textContent?.includes(one))).toEqual([]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(parts('wall-longest')).toEqual(['Longest wait', '1:45', 'target 0:20 · longer than the target']);
  });

  it('is left by Escape or by its button, and the keyboard is back where it was entered', async () => {
    await open();
    await go('#/board/wall');
    expect(document.activeElement).toBe(screen.getByTestId('leave-wall'));
    await fireEvent.keyDown(window, { key: 'Escape' });
    expect(location.hash).toBe('#/board');
    await go('#/board');
    expect(document.activeElement).toBe(screen.getByTestId('wall-view'));
    expect(document.querySelector('nav')).not.toBeNull();
    await go('#/board/wall');
    await fireEvent.click(screen.getByTestId('leave-wall'));
    expect(location.hash).toBe('#/board');
  });

  it('stays when Escape closes what stands before it', async () => {
    await open({}, '#/board/wall');
    await fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    await fireEvent.keyDown(screen.getByTestId('search-input'), { key: 'Escape' });
    expect(screen.queryByTestId('search')).toBeNull();
    expect(location.hash).toBe('#/board/wall');
  });

  it('is of the queue that is chosen, and says which', async () => {
    sessionStorage.setItem('ringside-board-queue', 'Sales line');
    await open({}, '#/board/wall');
    expect(squeezed(screen.getByRole('heading', { level: 1 }))).toBe('Live board Sales line');
    expect(parts('wall-waiting')[1]).toBe('2');
  });

  it('says that the phone system cannot be heard, and that the board cannot be read', async () => {
    location.hash = '#/board/wall';
    let broken = false;
    const on = stage(stateNamed('lost', NOW)!, { board: async () => (broken ? Promise.reject({ code: 'journal', message: 'the disk is full' }) : BUSY) });
    render(Desk, { backend: on.backend });
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.getByTestId('wall-health')).toBeTruthy();
    broken = true;
    on.logChanged();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(squeezed(screen.getByTestId('wall-problem'))).toContain('the disk is full');
    expect(parts('wall-waiting')[1], 'what was read last stands').toBe('3');
  });

  it('is no way round who may see the board', async () => {
    const person = { name: 'Tea', role: 'agent' as const, lines: ['102'] };
    await open({ session: async () => ({ people: ['Tea'], signed_in: person, locked: false, lock_minutes: 10 }) as never }, '#/board/wall');
    expect(screen.queryByTestId('wall')).toBeNull();
    expect(screen.getByTestId('not-allowed')).toBeTruthy();
    expect(document.querySelector('nav')).not.toBeNull();
  });
});

describe.each(['en', 'es', 'hr'] as Language[])('the ways to look at the board in %s', (language) => {
  it.each(['#/board', '#/board/wall'])('have nothing that axe-core finds wrong: %s', { timeout: 60_000 }, async (hash) => {
    vi.useRealTimers();
    chooseLanguage(language, '');
    [document.documentElement.lang, document.title] = [language, 'Ringside'];
    location.hash = hash;
    render(Desk, { backend: fakeBackend('idle') });
    await screen.findByTestId(hash === '#/board' ? 'as-hour' : 'wall-missed');
    if (hash === '#/board') await fireEvent.click(screen.getByTestId('as-hour'));
    const { violations } = await axe.run(document, { rules: { 'color-contrast': { enabled: false }, 'label-content-name-mismatch': { enabled: false } }, resultTypes: ['violations'] });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
  });
});
