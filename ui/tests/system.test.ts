import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import type { LinkView } from '../generated/LinkView';
import type { SystemView } from '../generated/SystemView';
import { dragging } from '../pop/drag';
import Panel from '../pop/Panel.svelte';
import { chooseLanguage } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T18:00:00Z');
const UNTIL = '2026-11-24T18:30:00Z';
const settled = () => vi.advanceTimersByTimeAsync(0);
const quiet = (until: string | null) => ({ ...stateNamed('idle', NOW)!, quiet: { since: '2026-11-24T18:00:00Z', until } });
const system = (more: Partial<SystemView>): SystemView => ({ windows: 'x11', tray: true, shortcut: 'Ctrl Alt R', shortcut_said: [], start_at_login: false, ...more });

async function openDesk(address: string, more: Partial<Backend> = {}, view = stateNamed('idle', NOW)!) {
  location.hash = address;
  const on = stage(view, more);
  render(Desk, { backend: on.backend });
  await settled();
  return on;
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('do not disturb', () => {
  it('is turned on in the sidebar, for a time or until it is turned off', async () => {
    const { asked } = await openDesk('#/calls');
    await fireEvent.click(screen.getByTestId('quiet-30'));
    await fireEvent.click(screen.getByTestId('quiet-ever'));
    expect(asked).toEqual([['setQuiet', true, 30], ['setQuiet', true, null]]);
    expect(screen.queryByTestId('quiet-end')).toBeNull();
  });

  it('says until when it lasts, and is turned off', async () => {
    const { asked, say } = await openDesk('#/calls', {}, quiet(UNTIL));
    expect(screen.getByTestId('quiet-words').textContent).toMatch(/Do not disturb until .*30/);
    await fireEvent.click(screen.getByTestId('quiet-end'));
    expect(asked).toEqual([['setQuiet', false, null]]);
    say(stateNamed('idle', NOW)!);
    await settled();
    expect(screen.getByTestId('quiet').dataset.on).toBe('false');
  });

  it('says what could not be kept', async () => {
    const refused = { code: 'not_kept', said: [{ key: 'refused.not_kept', params: { why: 'disk full' } }], message: '' };
    await openDesk('#/calls', { setQuiet: async () => Promise.reject(refused) });
    await fireEvent.click(screen.getByTestId('quiet-60'));
    await settled();
    expect(document.body.textContent).toContain('could not be kept for the next start (disk full)');
  });

  it('stands in the panel that the agent brought, with the way out of it', async () => {
    const { backend, asked } = stage(quiet(null));
    render(Panel, { backend });
    await settled();
    expect(screen.getByTestId('quiet-banner').textContent).toContain('Do not disturb');
    await fireEvent.click(screen.getByTestId('quiet-end'));
    expect(asked).toContainEqual(['setQuiet', false, null]);
  });
});

describe('a link', () => {
  const opened = (link: LinkView): Partial<Backend> => ({ openedLink: async () => link });

  it('never calls by itself, and its button has not the focus', async () => {
    const { asked } = await openDesk('#/calls', opened({ kind: 'dial', number: '+49300074321', extension: '12' }));
    expect(screen.getByTestId('link').textContent).toMatch(/Call \+49300074321\?.*extension 12/s);
    expect(document.activeElement).toBe(document.body);
    expect(asked).toEqual([]);
    await fireEvent.click(screen.getByTestId('link-call'));
    await settled();
    expect(asked).toEqual([['dial', '+49300074321'], ['closeLink']]);
    expect(screen.queryByTestId('link')).toBeNull();
  });

  it('is put away without a call', async () => {
    const { asked } = await openDesk('#/calls', opened({ kind: 'dial', number: '+49300074321', extension: null }));
    await fireEvent.click(screen.getByTestId('link-close'));
    expect(asked).toEqual([['closeLink']]);
  });

  it('keeps the question open when nothing was called, and says why', async () => {
    const refused = { code: 'no_dial', said: [{ key: 'refused.no_tel_program', params: {} }], message: '' };
    await openDesk('#/calls', { ...opened({ kind: 'dial', number: '+49300074321', extension: null }), dial: async () => Promise.reject(refused) });
    await fireEvent.click(screen.getByTestId('link-call'));
    await settled();
    expect(screen.getByTestId('link-problem').textContent).toContain('install a softphone');
  });

  it('to a call opens its trace', async () => {
    const { asked } = await openDesk('#/calls', opened({ kind: 'call', call: 'pbx:1/2' }));
    expect(location.hash).toBe('#/why/pbx%3A1%2F2');
    expect(asked).toContainEqual(['closeLink']);
  });

  it('that comes while the window is open is shown, also one that is refused', async () => {
    let come: (link: LinkView) => void = () => undefined;
    await openDesk('#/calls', { onLink: async (hear) => ((come = hear), () => undefined) });
    come({ kind: 'refused', said: [{ key: 'refused.link_code', params: {} }] });
    await settled();
    expect(screen.getByTestId('link').textContent).toContain('service code');
    expect(screen.queryByTestId('link-call')).toBeNull();
    come({ kind: 'customer', reference: '<b>files/ALFKI</b>' });
    await settled();
    expect(location.hash).toBe('#/customer/%3Cb%3Efiles%2FALFKI%3C%2Fb%3E');
  });
});

describe('this computer', () => {
  const lines = () => screen.getAllByTestId('computer-line').map((line) => [line.dataset.well, line.textContent?.trim()]);

  it('says what works', async () => {
    await openDesk('#/connection');
    expect(lines()).toEqual([
      ['true', 'Ctrl Alt R brings the panel with the keyboard.'],
      ['true', expect.stringContaining('leaves Ringside running')],
    ]);
  });

  it('says what is lost on Wayland, without a tray, and with keys that are taken', async () => {
    const taken = [{ key: 'said.shortcut_taken', params: { keys: 'Ctrl Alt R' } }];
    for (const [view, words] of [
      [system({ windows: 'xwayland' }), 'only while an X11 window has the keyboard'],
      [system({ windows: 'wayland' }), 'Install Xwayland'],
      [system({ tray: false }), 'Closing the window ends Ringside'],
      [system({ shortcut_said: taken }), 'Another program has the keys'],
    ] as const) {
      await openDesk('#/connection', { system: async () => view });
      expect(lines()).toContainEqual(['false', expect.stringContaining(words)]);
      cleanup();
    }
  });

  it('starts Ringside at log-in when somebody wishes so', async () => {
    let on = false;
    const set: boolean[] = [];
    const more: Partial<Backend> = { system: async () => system({ start_at_login: on }), setStartAtLogin: async (wish) => void set.push((on = wish)) };
    await openDesk('#/connection', more);
    const box = () => screen.getByTestId<HTMLInputElement>('start-at-login');
    expect(box().checked).toBe(false);
    await fireEvent.click(box());
    await settled();
    expect([set, box().checked]).toEqual([[true], true]);
  });
});

describe('dragging the panel', () => {
  it('begins when the pointer is pressed on the band and moves, and a press alone or one on a button drags nothing', async () => {
    document.body.innerHTML = '<section><header class="band"><span>x</span><button>y</button></header><p>note</p></section>';
    const frame = document.querySelector('section')!;
    const drag = vi.fn();
    const stop = dragging(frame, drag);
    const hand = async (on: Element, dx: number) => {
      await fireEvent(on, new MouseEvent('pointerdown', { bubbles: true, button: 0, clientX: 10, clientY: 10 }));
      await fireEvent(frame, new MouseEvent('pointermove', { bubbles: true, clientX: 10 + dx, clientY: 10 }));
      await fireEvent(frame, new MouseEvent('pointermove', { bubbles: true, clientX: 10 + 2 * dx, clientY: 10 }));
      await fireEvent(frame, new MouseEvent('pointerup', { bubbles: true }));
    };
    await hand(frame.querySelector('span')!, 1);
    await hand(frame.querySelector('button')!, 20);
    await hand(frame.querySelector('p')!, 20);
    expect(drag).not.toHaveBeenCalled();
    await hand(frame.querySelector('span')!, 20);
    expect(drag).toHaveBeenCalledTimes(1);
    stop();
    document.body.innerHTML = '';
  });
});
