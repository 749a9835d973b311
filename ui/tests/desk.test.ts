import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { demoLog } from '../demo/log';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import type { CallLogRow } from '../generated/CallLogRow';
import type { StartNotice } from '../generated/StartNotice';
import { chooseLanguage } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T18:00:00Z');
const LOG = demoLog(NOW);
/** Many rows take their time in jsdom on a busy machine, in milliseconds. */
const MANY = 20_000;
const rows = () => screen.queryAllByTestId('call-row');
const page = (log: CallLogRow[]): Backend['callLog'] => async (before, limit) => {
  const from = before === null ? 0 : log.findIndex(({ call }) => call === before) + 1;
  return log.slice(from, from + limit);
};

async function open(address: string, more: Partial<Backend> = {}, state = 'idle') {
  location.hash = address;
  const on = stage(stateNamed(state, NOW)!, more);
  render(Desk, { backend: on.backend });
  await vi.advanceTimersByTimeAsync(0);
  return on;
}

async function scroll(top: number) {
  const body = document.querySelector<HTMLElement>('.body')!;
  body.scrollTop = top;
  await fireEvent.scroll(body);
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('the call log', () => {
  it('shows who called, the outcome, the talk and the note', async () => {
    await open('#/calls', { callLog: page(LOG.slice(0, 3)) });
    expect(rows()).toHaveLength(3);
    expect(rows()[0]?.textContent).toMatch(/Anaïs Lefèvre.*\+33 1 99 00 41 17.*Answered.*3:05.*Two cases short/s);
    expect(rows()[2]?.textContent).toContain('No answer');
  });

  it('draws only what stands on the screen of a long log, and reads earlier calls as one comes near', async () => {
    const asked: (string | null)[] = [];
    await open('#/calls', { callLog: (before, limit) => (asked.push(before), page(LOG)(before, limit)) });
    const table = screen.getByRole('table');
    expect([rows().length < 60, table.getAttribute('aria-rowcount'), asked]).toEqual([true, '-1', [null]]);
    await scroll(2200);
    expect(asked).toEqual([null, 'log-99']);
    await scroll(6000);
    await scroll(9000);
    expect(rows().length).toBeLessThan(60);
    expect(rows().at(-1)?.dataset.call).toBe('log-259');
    // 260 calls, the headings of 19 days and the one of the columns
    expect(table.getAttribute('aria-rowcount')).toBe('280');
    expect(screen.getByText('That is every call.')).toBeTruthy();
  });

  it('leaves no gap in what is drawn wherever one scrolls to', async () => {
    await open('#/calls', { callLog: page(LOG) });
    rows()[0]!.focus();
    for (const key of ['End', 'End', 'End']) {
      await fireEvent.keyDown(document.activeElement!, { key });
      await vi.advanceTimersByTimeAsync(0);
    }
    for (let top = 9000; top >= 0; top -= 830) {
      await scroll(top);
      const drawn = [...document.querySelectorAll<HTMLElement>('tbody tr[data-index]')].map((row) => Number(row.dataset.index));
      expect(drawn).toEqual(drawn.map((_, i) => drawn[0]! + i));
      const [before = 0] = [...document.querySelectorAll<HTMLElement>('td.space')].map((space) => Number.parseFloat(space.style.height)).slice(0, drawn[0] === 0 ? 0 : 1);
      expect([before <= top, drawn.length * 34 + before >= Math.min(top + 700, 279 * 34)]).toEqual([true, true]);
    }
  }, MANY);

  it('takes in a new call and keeps the earlier ones that are loaded', async () => {
    let log = LOG;
    const { logChanged } = await open('#/calls', { callLog: (before, limit) => page(log)(before, limit) });
    await fireEvent.click(screen.getByText('Show earlier calls'));
    await vi.advanceTimersByTimeAsync(0);
    log = [{ ...LOG[0]!, call: 'new', at: new Date(NOW + 1000).toISOString(), note: 'just now' }, ...LOG];
    logChanged();
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.getByText('the latest 201 calls')).toBeTruthy();
    expect(rows()[0]?.dataset.call).toBe('new');
    expect(new Set(rows().map((row) => row.dataset.call)).size).toBe(rows().length);
  });

  it('says that there are no calls yet', async () => {
    await open('#/calls');
    expect(screen.getByTestId('calls-empty').textContent).toContain('No calls yet.');
  });

  it('says why it cannot be read and reads it again when asked', async () => {
    let broken = true;
    await open('#/calls', { callLog: (before, limit) => (broken ? Promise.reject({ code: 'locked', message: 'the journal is locked' }) : page(LOG.slice(0, 2))(before, limit)) });
    expect(screen.getByTestId('problem').textContent).toContain('the journal is locked');
    broken = false;
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await vi.advanceTimersByTimeAsync(0);
    expect([rows().length, screen.queryByTestId('problem')]).toEqual([2, null]);
  });

  it('is walked by keys and shows a whole note on Enter', async () => {
    await open('#/calls', { callLog: page(LOG.slice(0, 3)) });
    rows()[0]!.focus();
    await fireEvent.keyDown(rows()[0]!, { key: 'j' });
    await vi.advanceTimersByTimeAsync(0);
    expect(document.activeElement).toBe(rows()[1]);
    await fireEvent.keyDown(rows()[1]!, { key: 'Enter' });
    expect(rows()[1]?.classList.contains('open')).toBe(true);
  });

  it('is walked by windows and to its ends, past the headings of days, and remembers what was open', async () => {
    await open('#/calls', { callLog: page(LOG.slice(0, 90)) });
    rows()[0]!.focus();
    await fireEvent.keyDown(rows()[0]!, { key: 'Enter' });
    const at = () => (document.activeElement as HTMLElement).dataset.call;
    const reached: (string | undefined)[] = [];
    for (const key of ['PageDown', 'PageUp', 'End', 'ArrowDown', 'k', 'Home', 'ArrowUp']) {
      await fireEvent.keyDown(document.activeElement!, { key });
      await vi.advanceTimersByTimeAsync(0);
      reached.push(at());
    }
    // the heading of the second day is between the 14th call and the 15th
    expect(reached).toEqual(['log-17', 'log-0', 'log-89', 'log-89', 'log-88', 'log-0', 'log-0']);
    expect(rows()[0]?.classList.contains('open')).toBe(true);
    expect(rows().filter((row) => row.tabIndex === 0)).toEqual([rows()[0]]);
  });

  it('keeps the keyboard when the row that has it is scrolled away', async () => {
    await open('#/calls', { callLog: page(LOG.slice(0, 90)) });
    rows()[2]!.focus();
    await scroll(2000);
    expect((document.activeElement as HTMLElement).className).toContain('body');
    await fireEvent.keyDown(document.activeElement!, { key: 'ArrowDown' });
    await vi.advanceTimersByTimeAsync(0);
    expect((document.activeElement as HTMLElement).dataset.call).toBe('log-3');
  });
});

describe('the connection', () => {
  it('says since when a feed is refused, why, and what to do', async () => {
    await open('#/connection', {}, 'refused');
    const [broken, fine] = screen.getAllByTestId('feed');
    expect(broken?.textContent).toMatch(/Refused, since .*Authentication failed.*start Ringside again/s);
    expect(fine?.textContent).toContain('Up, since');
    expect(screen.getByTestId('system-health').dataset.look).toBe('wait');
  });

  it('follows the health as it changes', async () => {
    const { say } = await open('#/connection');
    expect(screen.getByTestId('system-health').dataset.look).toBe('good');
    say(stateNamed('lost', NOW)!);
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.getByTestId('feed').dataset.health).toBe('lost');
    expect(screen.getByTestId('system-health').dataset.look).toBe('bad');
  });
});

describe('my extensions', () => {
  const field = () => screen.getByTestId<HTMLInputElement>('line-input');
  const add = async (line: string) => {
    await fireEvent.input(field(), { target: { value: line } });
    await fireEvent.submit(field().form!);
    await vi.advanceTimersByTimeAsync(0);
  };
  const shown = () => screen.queryAllByTestId('line').map(({ dataset }) => dataset.line);

  it('change at once', async () => {
    const { asked } = await open('#/connection');
    await add(' 102 ');
    await fireEvent.click(screen.getByRole('button', { name: 'Remove extension 101' }));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([['setLines', ['101', '102']], ['setLines', ['102']]]);
    expect(shown()).toEqual(['102']);
  });

  it.each([['1 0 1', 'An extension has no spaces'], ['101', '101 is in the list already.']])('refuse %s and keep it for correction', async (line, words) => {
    const { asked } = await open('#/connection');
    await add(line);
    expect(asked).toEqual([]);
    expect([field().value, document.getElementById('line-problem')?.textContent?.startsWith(words)]).toEqual([line, true]);
  });

  it('stay as they were when the change is refused', async () => {
    await open('#/connection', { setLines: () => Promise.reject({ code: 'read_only', message: 'config.toml cannot be written' }) });
    await add('102');
    expect([shown(), field().value]).toEqual([['101'], '102']);
    expect(document.getElementById('line-problem')?.textContent).toBe('Not changed: config.toml cannot be written');
  });

  it('warn that nothing pops without one', async () => {
    await open('#/connection', { lines: async () => [] });
    expect(screen.getByText(/No extension yet: no call pops/)).toBeTruthy();
  });
});

describe('a call without an outcome', () => {
  it('is on, or ended while nobody watched', async () => {
    const open_call = { ...LOG[0]!, outcome: null, talked_seconds: null };
    await open('#/calls', { callLog: page([{ ...open_call, on: true }, { ...open_call, call: 'gone', on: false }]) });
    expect(rows().map((row) => row.textContent)).toEqual([expect.stringContaining('On now'), expect.stringContaining('Not known')]);
  });
});

describe('what has to be read at the start', () => {
  it('shows the recovery code until it is said to be written down', async () => {
    let open: StartNotice[] = [{ kind: 'recovery_code', code: '7K3M-Q9ZD' }];
    const closeNotice: Backend['closeNotice'] = async () => void (open = []);
    await startWith({ notices: async () => open, closeNotice });
    expect(screen.getByTestId('notice-recovery_code').textContent).toContain('7K3M-Q9ZD');
    await fireEvent.click(screen.getByRole('button', { name: 'I have written it down' }));
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.queryByTestId('notice-recovery_code')).toBeNull();
  });

  it('says that nothing is kept where there is no place for a key', async () => {
    await startWith({ notices: async () => [{ kind: 'this_run_only' }] });
    expect(screen.getByTestId('notice-this_run_only').textContent).toContain('RINGSIDE_PASSPHRASE');
  });
});

const startWith = (more: Partial<Backend>) => open('#/calls', more);
