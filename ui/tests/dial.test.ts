import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { demoLog } from '../demo/log';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import type { CallLogRow } from '../generated/CallLogRow';
import type { PanelView } from '../generated/PanelView';
import Panel from '../pop/Panel.svelte';
import { chooseLanguage } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const DENIED = 'the user "dialer" may not order calls: give it write=originate and read=call in manager.conf';
const at = (name: string) => stateNamed(name, NOW)!;
const buttons = () => screen.queryAllByTestId('dial');
const settle = () => vi.advanceTimersByTimeAsync(0);

async function panel(view: PanelView, more: Partial<Backend> = {}) {
  const on = stage(view, more);
  render(Panel, { backend: on.backend });
  await settle();
  return { ...on, say: async (next: PanelView) => (on.say(next), settle()) };
}

async function desk(rows: CallLogRow[], view = at('idle'), more: Partial<Backend> = {}) {
  location.hash = '#/calls';
  const on = stage(view, { callLog: async () => rows, ...more });
  render(Desk, { backend: on.backend });
  await settle();
  return { ...on, say: async (next: PanelView) => (on.say(next), settle()) };
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('a number in the panel', () => {
  it('is called back from the wrap-up', async () => {
    const { asked } = await panel(at('wrap-up'));
    const number = at('wrap-up').cards[0]!.pop.number!;
    await fireEvent.click(screen.getByRole('button', { name: `Call ${number}` }));
    expect(asked).toEqual([['dial', number]]);
  });

  it.each(['ringing', 'dialling', 'talking', 'held', 'lost'])('has no button while a call is on at my line: %s', async (state) => {
    await panel({ ...at(state), missed: at('missed').missed });
    expect([buttons().length, screen.getAllByTestId('missed').length > 0]).toEqual([0, true]);
  });

  it('is never offered when it is withheld', async () => {
    const [card] = at('withheld').cards;
    const missed = { ...at('missed').missed[0]!, name: null, company: null, number: null };
    await panel({ ...at('withheld'), cards: [{ ...card!, state: 'wrap_up' }], missed: [missed] });
    expect([screen.getByTestId('card').dataset.verdict, buttons()]).toEqual(['withheld', []]);
  });

  it('of a missed call is called back, once while the phone rings', async () => {
    const dial = vi.fn(() => new Promise<void>((done) => setTimeout(done, 3000)));
    await panel(at('missed'), { dial });
    const button = within(screen.getByTestId('missed')).getByTestId<HTMLButtonElement>('dial');
    await fireEvent.click(button);
    await fireEvent.click(button);
    expect([dial.mock.calls, button.disabled]).toEqual([[[at('missed').missed[0]!.number]], true]);
    await vi.advanceTimersByTimeAsync(3000);
    expect(button.disabled).toBe(false);
  });

  it('says what to do when the call is refused', async () => {
    await panel(at('missed'), { dial: () => Promise.reject({ code: 'not_dialled', message: DENIED }) });
    await fireEvent.click(buttons()[0]!);
    await settle();
    expect(screen.getByTestId('problem').textContent).toBe(DENIED);
    expect(buttons()[0]!.hasAttribute('disabled')).toBe(false);
  });
});

describe('a number in the call log', () => {
  const row = demoLog(NOW)[0]!;

  it('is called by its button, which does not open the row, and by C', async () => {
    const { asked } = await desk([row]);
    await fireEvent.click(screen.getByRole('button', { name: `Call ${row.number}` }));
    expect(screen.getByTestId('call-row').classList.contains('open')).toBe(false);
    await settle();
    await fireEvent.keyDown(screen.getByTestId('call-row'), { key: 'c' });
    expect(asked).toEqual([['dial', row.number], ['dial', row.number]]);
  });

  it('has no button when it is withheld, or while a call is on at my line', async () => {
    const { asked, say } = await desk([row, { ...row, call: 'hidden', number: null, customer: null }]);
    expect(buttons()).toHaveLength(1);
    await say(at('talking'));
    expect(buttons()).toEqual([]);
    for (const shown of screen.getAllByTestId('call-row')) await fireEvent.keyDown(shown, { key: 'c' });
    expect(asked).toEqual([]);
  });

  it('says what to do when the call is refused, until that is closed', async () => {
    await desk([row], at('idle'), { dial: () => Promise.reject({ code: 'not_dialled', message: DENIED }) });
    await fireEvent.click(buttons()[0]!);
    await settle();
    expect(screen.getByTestId('not-dialled').textContent).toContain(`Not called: ${DENIED}`);
    await fireEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByTestId('not-dialled')).toBeNull();
  });

  it('is text where a hostile one came', async () => {
    await desk([{ ...row, number: '"><img src=x>1' }]);
    expect(screen.getByRole('main').querySelector('img')).toBeNull();
    expect(buttons()[0]!.getAttribute('aria-label')).toBe('Call "><img src=x>1');
  });
});
