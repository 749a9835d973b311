/* What the board says of today beside the same weekday a week before, of its goal, and of when the phone systems were heard last. */
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { demoBoard } from '../demo/board';
import { demoSoFar } from '../demo/report';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import type { FeedHeardView } from '../generated/FeedHeardView';
import type { FeedView } from '../generated/FeedView';
import type { FigureView } from '../generated/FigureView';
import { chooseLanguage, type Language } from '../shared/words';
import { against, liveness } from '../supervisor/board-words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const squeezed = (one: Element | null) => one?.textContent?.replace(/\s+/g, ' ').trim();
const parts = (id: string) => [...screen.getByTestId(id).children].map(squeezed);
const compared = (id: string) => squeezed(within(screen.getByTestId(id)).queryByTestId('against'));
const report = (code: string, unit: FigureView['unit'], now: number | null, before: number | null) => ({ ...demoSoFar(NOW), figures: [{ code, unit, now, before }] });
const up = (name: string): FeedView => ({ name, health: 'up', since: '2026-11-24T07:00:00Z', said: [] });

async function open(more: Partial<Backend> = {}, state = 'idle') {
  const on = stage(stateNamed(state, NOW)!, more);
  render(Desk, { backend: on.backend });
  await vi.advanceTimersByTimeAsync(0);
  return on;
}

function hide(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
}

beforeEach(() => {
  location.hash = '#/board';
  chooseLanguage('en', '');
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  hide(false);
  cleanup();
  vi.useRealTimers();
  location.hash = '';
});

describe('today', () => {
  it('stands beside the same weekday a week before', async () => {
    await open();
    expect(['board-answered', 'board-abandoned', 'board-level', 'board-wait'].map(compared)).toEqual(['9 above last Tuesday', '1 below last Tuesday', '2 points above last Tuesday', 'as last Tuesday']);
  });

  it('stands alone where nothing is known of that day', async () => {
    const soFar = demoSoFar(NOW);
    await open({ todaySoFar: async () => ({ ...soFar, figures: soFar.figures.map((one) => ({ ...one, before: null })) }) });
    expect(screen.queryAllByTestId('against')).toEqual([]);
    expect(parts('board-answered')).toEqual(['Answered today', '61', 'of 64 offered']);
  });

  it('is compared by what is read, so that nothing stands above what looks the same', () => {
    expect(against(report('service_level', 'share', 0.8741, 0.8702), 'service_level')).toBe('as last Tuesday');
    expect(against(report('service_level', 'share', 0.79, 0.8), 'service_level')).toBe('1 point below last Tuesday');
    expect(against(report('wait_mean', 'seconds', 11.4, 74.6), 'wait_mean')).toBe('1:04 below last Tuesday');
    expect(against(report('answered', 'count', 3, 0), 'answered')).toBe('3 above last Tuesday');
    expect(against(report('service_level', 'share', null, 0.8), 'service_level')).toBe('');
    expect(against(null, 'answered')).toBe('');
  });

  it('is counted anew with every minute, since the clock of that day goes on too', async () => {
    const { asked } = await open();
    await vi.advanceTimersByTimeAsync(125_000);
    expect(asked.filter(([what]) => what === 'todaySoFar')).toHaveLength(3);
  });

  it.each<[Language, string, string]>([
    ['es', '2 puntos más que el martes pasado', 'hoy en 20 s, objetivo 80 %'],
    ['hr', '2 boda više nego prošlog utorka', 'danas u 20 s, cilj 80 %'],
  ])('says so in %s', async (language, words, goal) => {
    chooseLanguage(language, '');
    await open();
    expect(compared('board-level')).toBe(words);
    expect(squeezed(screen.getByTestId('board-level'))).toContain(goal);
  });

  it('has the goal of the settings, on the wall too', async () => {
    const board = async () => ({ ...demoBoard(NOW, { tasks: [], missed: [], reached: 0, calls: [], unfinished: [] }), target_seconds: 30, goal_percent: 95 });
    await open({ board });
    expect(squeezed(screen.getByTestId('board-level'))).toContain('today in 30 s, goal 95%');
    location.hash = '#/board/wall';
    await fireEvent(window, new HashChangeEvent('hashchange'));
    expect(squeezed(screen.getByTestId('wall-level'))).toContain('today in 30 s, goal 95%');
  });
});

describe('when the phone systems were heard last', () => {
  const words = () => squeezed(screen.getByTestId('board-heard'));
  const at = (ago: number) => new Date(NOW - ago).toISOString();

  it('is said to the second, and nobody is told of each', async () => {
    const heard = { at: at(2_000) };
    await open({ feedsHeard: async () => [{ feed: 'simulated', ...heard }] });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(words()).toBe('Live · last heard 3 s ago');
    await vi.advanceTimersByTimeAsync(4_000);
    expect(words()).toBe('Live · last heard 7 s ago');
    heard.at = at(-5_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(words()).toBe('Live · last heard 1 s ago');
    expect(screen.getByTestId('board-heard').closest('[role="status"], [aria-live]')).toBeNull();
  });

  it('is asked once a second, and not while the window is hidden, nor for the wall', async () => {
    const asked = vi.fn(async (): Promise<FeedHeardView[]> => []);
    await open({ feedsHeard: asked });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.mock.calls.length).toBeGreaterThanOrEqual(10);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(11);
    hide(true);
    await vi.advanceTimersByTimeAsync(1_000);
    asked.mockClear();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(asked).not.toHaveBeenCalled();
    hide(false);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(asked).toHaveBeenCalled();
    location.hash = '#/board/wall';
    await fireEvent(window, new HashChangeEvent('hashchange'));
    await vi.advanceTimersByTimeAsync(1_000);
    asked.mockClear();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).not.toHaveBeenCalled();
  });

  it('is said of each where there are several, and of none that said nothing', () => {
    const heard = [{ feed: 'hook', at: at(300_000) }, { feed: 'pbx', at: at(0) }];
    expect(liveness([up('hook'), up('pbx')], heard, NOW)).toBe('Live · last heard hook 5 min ago, pbx 0 s ago');
    expect(liveness([up('pbx')], [], NOW)).toBe('Live');
    expect(liveness(null, [], NOW)).toBe('');
  });

  it('is not called live where a phone system is lost or the clock was set back', async () => {
    await open({ feedsHeard: async () => [{ feed: 'pbx', at: at(240_000) }] }, 'lost');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(words()).toMatch(/^(?!Live).* · last heard 4 min ago$/);
    expect(liveness([up('pbx')], [{ feed: 'pbx', at: at(-90_000) }], NOW)).toBe('Live · last heard 0 s ago');
  });

  it('costs the board nothing where it cannot be told', async () => {
    await open({ feedsHeard: async () => Promise.reject({ code: 'closed', message: 'closing' }) });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(words()).toBe('Live');
    expect(screen.queryByTestId('problem')).toBeNull();
  });
});
