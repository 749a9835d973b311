/* The live board: what it says of this moment, how it keeps up, and giving a missed caller to somebody. */
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { fakeBackend } from '../backend.fake';
import { demoBoard } from '../demo/board';
import { demoLog } from '../demo/log';
import { stateNamed } from '../demo/states';
import { demoToday } from '../demo/today';
import Desk from '../desk/Desk.svelte';
import { chooseLanguage, type Language } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const BUSY = demoBoard(NOW, demoToday(NOW, demoLog(NOW)));
const squeezed = (one: Element | null) => one?.textContent?.replace(/\s+/g, ' ').trim();
const cells = (row: Element) => [...row.querySelectorAll('th, td')].map(squeezed);
const parts = (id: string) => [...screen.getByTestId(id).children].map(squeezed);

async function open(more: Partial<Backend> = {}) {
  location.hash = '#/board';
  const on = stage(stateNamed('idle', NOW)!, { board: async () => BUSY, ...more });
  render(Desk, { backend: on.backend });
  await vi.advanceTimersByTimeAsync(0);
  return on;
}

beforeEach(() => {
  chooseLanguage('en', '');
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  location.hash = '';
});

describe('the board', () => {
  it('says who does what with whom and for how long, the busy ones first', async () => {
    await open();
    const rows = screen.getAllByTestId('agent');
    expect(rows.map(({ dataset }) => dataset.state)).toEqual(['talking', 'talking', 'talking', 'held', 'ringing', 'do_not_disturb', 'free', 'unknown']);
    expect(cells(rows[0]!)).toEqual(['TMTea Marić 102', 'Talking', '12:40', 'Çağla Yılmaz', '20', '3:50']);
    expect(cells(rows[2]!).slice(1, 4)).toEqual(['Talking', '0:51', 'Åsa Nyström (104)']);
    expect(cells(rows[3]!).slice(1, 4)).toEqual(['On hold', '0:22', '+351 21 555 0142']);
    expect(cells(rows[7]!).slice(0, 4)).toEqual(['1108', 'Unknown', '', '']);
  });

  it('counts the seconds in the page, and says once that somebody waits too long', async () => {
    await open();
    const [longest, , last] = screen.getAllByTestId('waiting');
    expect([squeezed(longest!), squeezed(last!)]).toEqual(['MN María José Núñez Ultramarinos Núñez · Sales line 1:42 longer than the target', 'AL Anaïs Lefèvre Épicerie Lefèvre · rings at 105 0:07']);
    expect(squeezed(screen.getByTestId('board-said'))).toBe('3 callers wait, 2 longer than the target');
    await vi.advanceTimersByTimeAsync(14_000);
    expect(squeezed(screen.getAllByTestId('waiting')[2]!)).toContain('0:21 longer than the target');
    expect(squeezed(screen.getByTestId('board-said'))).toBe('3 callers wait, 3 longer than the target');
    expect(parts('board-longest')).toEqual(['Longest wait', '1:56', 'target 0:20']);
  });

  it('has the figures of today from the day so far, with the goal of the service level', async () => {
    const { asked } = await open();
    expect(asked.filter(([what]) => what === 'todaySoFar')).toEqual([['todaySoFar', '']]);
    expect(parts('board-answered').slice(0, 3)).toEqual(['Answered today', '61', 'of 64 offered']);
    expect(parts('board-level').slice(0, 3)).toEqual(['Service level', '87%', 'today in 20 s, goal 80%']);
    expect(parts('board-talking')).toEqual(['Talking', '4', 'of 8 phones']);
    expect(parts('board-missed')).toEqual(['Missed, not rung back', '3', '4 others were reached today']);
  });

  it('is asked anew when something happens, and not more than once a second', async () => {
    const board = vi.fn(async () => BUSY);
    const { say, logChanged } = await open({ board });
    expect(board).toHaveBeenCalledTimes(1);
    for (let i = 0; i < 40; i++) {
      say(stateNamed('idle', NOW)!);
      logChanged();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(board.mock.calls.length).toBeGreaterThanOrEqual(4);
    expect(board.mock.calls.length).toBeLessThanOrEqual(6);
  });

  it('that cannot be read says why, and tries again', async () => {
    let broken = true;
    await open({ board: async () => (broken ? Promise.reject({ code: 'journal', message: 'the disk is full' }) : BUSY) });
    expect(squeezed(screen.getByTestId('problem'))).toContain('The board could not be read: the disk is full');
    broken = false;
    await fireEvent.click(within(screen.getByTestId('problem')).getByRole('button'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(screen.queryByTestId('problem')).toBeNull();
    expect(screen.getAllByTestId('agent')).toHaveLength(8);
  });
});

describe('a missed caller', () => {
  it('is given to an agent, and says so', async () => {
    const { asked } = await open();
    const first = screen.getAllByTestId('board-missed-person')[0]!;
    expect(squeezed(first)).toContain('Yılmaz Gıda · called 3 times · tried 2 times · now talking with Tea Marić');
    await fireEvent.click(within(first).getByTestId('give'));
    expect(within(first).getAllByRole('button').map(squeezed).slice(1)).toEqual(['108', 'Åsa Nyström104', 'Íñigo Agirre105', 'Ivo Pavić107', 'Marta Horvat101', 'Petr Kučera103', 'Tea Marić102', 'Zofia Król106']);
    await fireEvent.click(within(first).getByTestId('give-106'));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toContainEqual(['giveMissed', 'missed-1', '106']);
    expect(squeezed(screen.getByTestId('board-given'))).toBe('Çağla Yılmaz is to be rung back by Zofia Król within a quarter of an hour; it stands in their day.');
  });

  it('who was given stands so, also in the day, and can be given to another', async () => {
    const given = { line: '106', name: 'Zofia Król', due: '2026-11-24T10:15:00Z' };
    const missed = BUSY.missed.map((one) => ({ ...one, person: { ...one.person, given } }));
    await open({ board: async () => ({ ...BUSY, missed }), today: async () => ({ tasks: [], missed: missed.map(({ person }) => person), reached: 0, calls: [], unfinished: [] }) });
    const last = screen.getAllByTestId('board-missed-person')[2]!;
    expect(squeezed(last)).toContain('Unknown · given to Zofia Król');
    await fireEvent.click(within(last).getByTestId('give'));
    expect((within(last).getByTestId('give-106') as HTMLButtonElement).disabled).toBe(true);
    await fireEvent.keyDown(window, { key: 'Escape' });
    expect(within(last).queryByTestId('give-106')).toBeNull();
    location.hash = '#/today';
    await fireEvent(window, new HashChangeEvent('hashchange'));
    await vi.advanceTimersByTimeAsync(0);
    expect(squeezed(screen.getAllByTestId('missed-person')[0]!)).toContain('given to Zofia Król');
  });

  it('whom somebody reached meanwhile is not given, and why is said', async () => {
    await open({ giveMissed: async () => Promise.reject({ code: 'not_missed', said: [{ key: 'refused.not_missed', params: {} }], message: '' }) });
    await fireEvent.click(screen.getAllByTestId('give')[0]!);
    await fireEvent.click(screen.getByTestId('give-101'));
    await vi.advanceTimersByTimeAsync(0);
    expect(squeezed(screen.getByTestId('refused'))).toContain('somebody reached this caller in the meantime');
  });
});

describe.each(['en', 'es', 'hr'] as Language[])('the board in %s', (language) => {
  it('has nothing that axe-core finds wrong', { timeout: 60_000 }, async () => {
    vi.useRealTimers();
    chooseLanguage(language, '');
    [document.documentElement.lang, document.title] = [language, 'Ringside'];
    location.hash = '#/board';
    render(Desk, { backend: fakeBackend('idle') });
    await screen.findAllByTestId('agent');
    await fireEvent.click(screen.getAllByTestId('give')[0]!);
    const rules = { 'color-contrast': { enabled: false }, 'label-content-name-mismatch': { enabled: false } };
    const { violations } = await axe.run(document, { rules, resultTypes: ['violations'] });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
  });
});
