import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { changedSheet, demoSheet } from '../demo/settings';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import type { Change } from '../generated/Change';
import { chooseLanguage } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T18:00:00Z');
const settle = () => vi.advanceTimersByTimeAsync(0);
const field = (at: string) => screen.getByTestId(`set-${at}`) as HTMLInputElement;

async function open(more: Partial<Backend> = {}) {
  location.hash = '#/settings';
  const on = stage(stateNamed('idle', NOW)!, more);
  render(Desk, { backend: on.backend });
  await settle();
  return on;
}

/** A backend that keeps what it is told. */
function kept(): { more: Partial<Backend>; told: Change[][]; write: (change: Change) => void } {
  let sheet = demoSheet();
  const told: Change[][] = [];
  const more: Partial<Backend> = {
    settings: async () => sheet,
    changeSettings: async (_revision, changes) => {
      told.push(changes);
      const answer = changedSheet(sheet, changes);
      sheet = answer.sheet;
      return answer;
    },
  };
  return { more, told, write: (change) => (sheet = changedSheet(sheet, [change]).sheet) };
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  location.hash = '';
  vi.useRealTimers();
});

describe('the settings', () => {
  it('show what stands in the file, group by group', async () => {
    await open();
    expect(field('agent.extensions').value).toBe('101');
    await fireEvent.click(screen.getByTestId('set-group-feed'));
    expect(field('feed.0.host').value).toBe('pbx.example.com');
    expect(field('feed.0.port').value).toBe('5039');
    expect(field('feed.0.tls').value).toBe('true');
    expect(field('feed.1.preset').value).toBe('sipgate');
    expect(field('feed.0.ddi.0.label').value).toBe('Sales');
    expect(screen.getByLabelText('Signing secret')).toBeTruthy();
  });

  it('save all that was entered in one go, numbers as numbers and lists line by line', async () => {
    const { more, told } = kept();
    await open(more);
    await fireEvent.input(field('agent.extensions'), { target: { value: '101\n 102 \n' } });
    await fireEvent.click(screen.getByTestId('set-group-panel'));
    await fireEvent.input(field('panel.wrap_up_seconds'), { target: { value: '90' } });
    await fireEvent.change(field('panel.cover'), { target: { value: '' } });
    expect(screen.getByTestId('set-state').textContent).toBe('Not saved yet.');
    await fireEvent.click(screen.getByTestId('set-save'));
    await settle();
    expect(told).toHaveLength(1);
    expect([...told[0]!].sort((a, b) => a.at.localeCompare(b.at))).toEqual([
      { do: 'set', at: 'agent.extensions', value: ['101', '102'] },
      { do: 'remove', at: 'panel.cover' },
      { do: 'set', at: 'panel.wrap_up_seconds', value: 90 },
    ]);
    expect(screen.getByTestId('set-state').textContent).toBe('Saved.');
    expect(screen.getByTestId('set-restart')).toBeTruthy();
  });

  it('say what is wrong at its field, keep what was entered, and save nothing', async () => {
    const { more } = kept();
    await open(more);
    await fireEvent.click(screen.getByTestId('set-group-feed'));
    await fireEvent.input(field('feed.0.port'), { target: { value: '70000' } });
    await fireEvent.click(screen.getByTestId('set-group-agent'));
    await fireEvent.keyDown(window, { key: 's', ctrlKey: true });
    await settle();
    expect(screen.getByTestId('set-wrong').textContent).toContain('a port is a number from 1 to 65535');
    expect(field('feed.0.port').value).toBe('70000');
    expect(field('feed.0.port').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByTestId('set-field-wrong').textContent).toContain('65535');
    await vi.advanceTimersByTimeAsync(1);
    expect(document.activeElement).toBe(field('feed.0.port'));
  });

  it('add an entry of a kind with its own fields', async () => {
    const { more, told } = kept();
    await open(more);
    await fireEvent.click(screen.getByTestId('set-group-feed'));
    await fireEvent.change(screen.getByTestId('set-kind-feed'), { target: { value: 'sip' } });
    await fireEvent.click(screen.getByTestId('set-add-feed'));
    await fireEvent.input(field('feed.2.server'), { target: { value: 'sip.example.com' } });
    await fireEvent.click(screen.getByTestId('set-save'));
    await settle();
    expect(told[0]).toEqual([{ do: 'set', at: 'feed.2.kind', value: 'sip' }, { do: 'set', at: 'feed.2.server', value: 'sip.example.com' }]);
  });

  it('keep a typed secret apart and enter only the reference', async () => {
    const { more } = kept();
    const { asked } = await open(more);
    await fireEvent.click(screen.getByTestId('set-group-feed'));
    await fireEvent.click(screen.getByTestId('set-feed.0.secret-type'));
    await fireEvent.input(screen.getByTestId('set-feed.0.secret-secret'), { target: { value: 'hunter2' } });
    await fireEvent.click(screen.getByTestId('set-feed.0.secret-keep'));
    await settle();
    expect(asked).toContainEqual(['keepSecret', 'pbx-secret', 'hunter2']);
    expect(field('feed.0.secret').value).toBe('keyring:pbx-secret');
    expect(document.body.textContent).not.toContain('hunter2');
  });

  it('show what is written in the file meanwhile, and keep what was entered', async () => {
    const { more, write } = kept();
    await open(more);
    write({ do: 'set', at: 'agent.name', value: 'Ivo' });
    await vi.advanceTimersByTimeAsync(2000);
    expect(field('agent.name').value).toBe('Ivo');
    await fireEvent.input(field('agent.name'), { target: { value: 'Tea' } });
    write({ do: 'set', at: 'agent.extensions', value: ['105'] });
    await vi.advanceTimersByTimeAsync(2000);
    expect(field('agent.extensions').value).toBe('105');
    expect(field('agent.name').value).toBe('Tea');
    expect(screen.getByTestId('set-reread')).toBeTruthy();
  });

  it('discard what was entered when asked to', async () => {
    await open();
    await fireEvent.input(field('agent.name'), { target: { value: 'Tea' } });
    await fireEvent.click(screen.getByTestId('set-discard'));
    expect(field('agent.name').value).toBe('Marta');
  });

  it('say that a file cannot be read', async () => {
    await open({ settings: async () => Promise.reject({ code: 'settings', said: [], message: 'permission denied' }) });
    expect(screen.getByTestId('problem').textContent).toContain('permission denied');
  });
});
