import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { demoSources, demoUnwritten } from '../demo/sources';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import { chooseLanguage } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T18:00:00Z');
const squeezed = (text: string | null | undefined) => text?.replace(/\s+/g, ' ').trim();
const texts = (id: string) => screen.getAllByTestId(id).map((one) => squeezed(one.textContent));
const settle = () => vi.advanceTimersByTimeAsync(0);

async function open(more: Partial<Backend>) {
  location.hash = '#/sources';
  const on = stage(stateNamed('idle', NOW)!, more);
  render(Desk, { backend: on.backend });
  await settle();
  return on;
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

describe('the sources of customer data', () => {
  it('say what each does, how old it is and how far', async () => {
    await open({ sources: async () => demoSources(NOW) });
    expect(texts('source-state')).toEqual(['Reading parties', 'Up to date', 'Not read to its end; the last data stays']);
    expect(texts('source-facts')[0]).toMatch(/^1,000 customers, as of 15 min/);
    expect(texts('source-facts')[1]).toMatch(/only when you say so$/);
    const bar = screen.getByRole('progressbar', { name: 'How far tryton is' }) as HTMLProgressElement;
    expect([bar.value, bar.max]).toEqual([400, 1000]);
    expect(texts('source-trouble')).toEqual(['Cannot read /srv/shop: there is nothing of that name. Its last data stays']);
  });

  it('are read when a person says so, and shown as they are then', async () => {
    let asked = 0;
    const { asked: commands } = await open({ sources: async () => (asked++, demoSources(NOW)) });
    const buttons = screen.getAllByTestId('source-now') as HTMLButtonElement[];
    expect(buttons.map((button) => button.disabled)).toEqual([true, false, false]);
    await fireEvent.click(buttons[2]!);
    await settle();
    expect(commands.filter(([what]) => what === 'syncSource')).toEqual([['syncSource', 'shop', false]]);
    const before = asked;
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toBe(before + 1);
  });

  it('remove many records only after the person was asked twice', async () => {
    const { asked } = await open({ sources: async () => demoSources(NOW) });
    const removals = () => asked.filter(([what]) => what === 'syncSource');
    expect(texts('source-held')[0]).toMatch(/406 records of customers are no longer in the source.*nothing was removed yet/);
    await fireEvent.click(screen.getByTestId('source-remove'));
    expect([squeezed(screen.getByRole('alert').textContent), removals()]).toEqual(['Remove 406 records, with all that hangs on them?', []]);
    await fireEvent.click(screen.getByTestId('source-keep'));
    expect(removals()).toEqual([]);
    await fireEvent.click(screen.getByTestId('source-remove'));
    await fireEvent.click(screen.getByTestId('source-remove-surely'));
    await settle();
    expect(removals()).toEqual([['syncSource', 'newsletter', true]]);
  });

  it('say how to set one up where there is none, and why nothing can be said', async () => {
    await open({});
    expect(squeezed(screen.getByTestId('sources-none').textContent)).toContain('docs/sources.md');
    cleanup();
    await open({ sources: async () => Promise.reject({ code: 'x', message: 'the desk is gone' }) });
    expect(squeezed(screen.getByTestId('problem').textContent)).toContain('the desk is gone');
  });
});

describe('calls that are to be written back', () => {
  const entries = async () => texts('unwritten-entry').map((text) => text?.replace(/, Call of .*? (Try again)/, ' $1'));

  it('say what was not taken and what is on its way, and nothing while all is there', async () => {
    await open({ unwritten: async () => demoUnwritten(NOW) });
    const [refused, waiting] = await entries();
    expect(refused).toMatch(/^Marta Kovač tryton Try again Do not write it Not taken\. .*answered 403/);
    expect(waiting).toMatch(/^Luka Horvat tryton Try again Do not write it Written /);
    cleanup();
    await open({ unwritten: async () => [] });
    expect(screen.queryByTestId('unwritten')).toBeNull();
  });

  it('say it in the language of the page', async () => {
    chooseLanguage('hr', '');
    await open({ unwritten: async () => demoUnwritten(NOW) });
    expect(texts('unwritten-trouble')).toEqual(['Tryton (a note of the party): odgovor 403: ovaj korisnik to ne smije čitati; dajte mu pravo ili uzmite drugog korisnika']);
  });

  it('are tried again or dropped by a press, and a word that was not kept says so', async () => {
    const writeAgain = vi.fn(async () => undefined);
    const dropUnwritten = vi.fn(async () => Promise.reject(new Error('that is not waiting any more')));
    await open({ unwritten: async () => demoUnwritten(NOW), writeAgain, dropUnwritten });
    await fireEvent.click(screen.getAllByTestId('unwritten-again')[0]!);
    await settle();
    expect(writeAgain).toHaveBeenCalledWith(2);
    await fireEvent.click(screen.getAllByTestId('unwritten-drop')[1]!);
    await settle();
    expect(dropUnwritten).toHaveBeenCalledWith(3);
    expect(screen.getByTestId('unwritten-problem').textContent).toContain('that is not waiting any more');
  });
});
