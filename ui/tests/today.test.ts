import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { demoLog } from '../demo/log';
import { demoToday } from '../demo/today';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import { chooseLanguage } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const DAY = demoToday(NOW, demoLog(NOW));

async function open(more: Partial<Backend> = {}, state = 'idle') {
  location.hash = '#/today';
  const on = stage(stateNamed(state, NOW)!, { today: async () => DAY, ...more });
  render(Desk, { backend: on.backend });
  await vi.advanceTimersByTimeAsync(0);
  return on;
}

const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('the page of the day', () => {
  it('is the first page and sums the day up', async () => {
    await open();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Tuesday 24 November');
    expect(screen.getByTestId('today-sum').textContent).toMatch(/^4 follow-ups, 3 people to ring back, \d+ calls taken$/);
  });

  it('shows my promises, and those of everyone when asked', async () => {
    await open();
    expect(screen.getAllByTestId('task')).toHaveLength(4);
    await fireEvent.click(screen.getByTestId('everyone'));
    expect(screen.getAllByTestId('task')).toHaveLength(5);
    expect(screen.getAllByTestId('task')[4]?.textContent).toContain('Line 102');
  });

  it('marks a promise as done, says so, and takes that back', async () => {
    const { asked } = await open();
    const first = screen.getAllByTestId('task')[0]!;
    await fireEvent.click(within(first).getByTestId('done'));
    await settled();
    expect(screen.getByText('Done: Ring about the unpaid invoice 2198')).toBeTruthy();
    await fireEvent.click(screen.getByTestId('undo'));
    await settled();
    expect(asked).toEqual([['finishTask', 1, true], ['finishTask', 1, false]]);
    expect(screen.queryByTestId('undo')).toBeNull();
  });

  it('puts a promise off', async () => {
    const { asked } = await open();
    await fireEvent.click(screen.getAllByTestId('later')[1]!);
    await settled();
    expect(asked).toEqual([['snoozeTask', 2]]);
  });

  it('rings a missed caller back, or says that nobody need', async () => {
    const { asked } = await open();
    const [first, second] = screen.getAllByTestId('missed-person');
    expect(first?.textContent).toMatch(/Çağla Yılmaz.*Yılmaz Gıda · called 3 times · tried 2 times/s);
    await fireEvent.click(within(first!).getByTestId('dial'));
    await fireEvent.click(within(second!).getByTestId('need-not'));
    await settled();
    expect(asked).toEqual([['dial', '+49 221 5550 162'], ['closeMissed', 'missed-2', true]]);
  });

  it('offers no dialling while a call is on', async () => {
    await open({}, 'talking');
    expect(within(screen.getByRole('main')).queryAllByTestId('dial')).toHaveLength(0);
  });

  it('asks for the result of a talk that has none', async () => {
    const log = demoLog(NOW).map((row) => ({ ...row, note: '', disposition: null }));
    const { asked } = await open({ today: async () => demoToday(NOW, log) });
    const row = screen.getAllByTestId('unfinished')[0]!;
    await fireEvent.change(within(row).getByRole('combobox'), { target: { value: 'question' } });
    await settled();
    expect(asked).toEqual([['setDisposition', row.dataset.call, 'question']]);
  });

  it('says that nothing is to be done on an empty day', async () => {
    await open({ today: async () => ({ tasks: [], missed: [], reached: 0, calls: [], unfinished: [] }) });
    for (const text of ['Nothing is promised to anybody.', 'Everybody who called was reached.', 'No calls yet today.']) expect(screen.getByText(text)).toBeTruthy();
  });

  it('says why the day cannot be read, and why something was refused', async () => {
    let broken = true;
    await open({
      today: async () => (broken ? Promise.reject({ code: 'journal', message: 'the journal is locked' }) : DAY),
      finishTask: () => Promise.reject({ code: 'no_such_task', message: 'this task is gone' }),
    });
    expect(screen.getByTestId('problem').textContent).toContain('the journal is locked');
    broken = false;
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await settled();
    await fireEvent.click(screen.getAllByTestId('done')[0]!);
    await settled();
    expect(screen.getByTestId('refused').textContent).toContain('this task is gone');
  });

  it('is read again when the journal changes and when the day turns', async () => {
    const today = vi.fn(async () => DAY);
    const { logChanged } = await open({ today });
    const before = today.mock.calls.length;
    logChanged();
    await settled();
    expect(today.mock.calls.length).toBe(before + 1);
    vi.setSystemTime(NOW + 24 * 3_600_000);
    await vi.advanceTimersByTimeAsync(2000);
    expect(today.mock.calls.length).toBe(before + 2);
  });
});
