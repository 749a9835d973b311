/* One card is filled anew for call after call: nothing of the call before may be left in it. */
import { cleanup, fireEvent, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { STATE_NAMES, stateNamed } from '../demo/states';
import type { PanelView } from '../generated/PanelView';
import { chooseLanguage } from '../shared/words';
import { open } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const at = (name: string) => stateNamed(name, NOW)!;
const field = () => screen.getByTestId<HTMLTextAreaElement>('note-input');

/** A state whose calls are no other state's, so that each is a new call. */
const own = (name: string): PanelView => ({ ...at(name), cards: at(name).cards.map((card) => ({ ...card, call: `${name} ${card.call}` })) });

/** All that is in the page, what fields hold and boxes show included; what a screen reader was told once is left out. */
function all(container: Element): string {
  const copy = container.cloneNode(true) as Element;
  const [real, copied] = [container, copy].map((root) => [...root.querySelectorAll<HTMLInputElement>('input, textarea')]);
  real!.forEach(({ value, checked }, i) => copied![i]!.setAttribute('data-holds', `${value} ${checked}`));
  copy.querySelector('.unseen[role=status]')?.remove();
  // In one order, whichever was set first.
  for (const element of copy.querySelectorAll('*')) {
    const attributes = [...element.attributes].filter(({ value, name }) => value !== '' || !['style', 'class', 'title'].includes(name));
    for (const { name } of [...element.attributes]) element.removeAttribute(name);
    for (const { name, value } of attributes.sort((a, b) => (a.name < b.name ? -1 : 1))) element.setAttribute(name, value);
  }
  return copy.innerHTML.replace(/<!--.*?-->/g, '');
}

/** Each state as a panel shows it that showed nothing before. */
const fresh = new Map<string, string>();
async function ofNew(name: string): Promise<string> {
  if (!fresh.has(name)) {
    const { container } = await open(own(name));
    fresh.set(name, all(container));
    cleanup();
  }
  return fresh.get(name)!;
}

/** Does in the card what leaves something behind: fields, lists, focus, scrolling. */
async function workIn() {
  for (const box of document.querySelectorAll<HTMLInputElement>('textarea, input[type=text], input:not([type])')) await fireEvent.input(box, { target: { value: 'left over' } });
  for (const button of document.querySelectorAll<HTMLElement>('[aria-expanded], [aria-pressed]')) await fireEvent.click(button);
  await fireEvent.scroll(Object.assign(document.querySelector('.middle')!, { scrollTop: 40 }));
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('a panel that showed other calls before', () => {
  it('shows each as a new panel does, whatever came before and was done to it', async () => {
    const expected = new Map<string, string>();
    for (const name of STATE_NAMES) expected.set(name, await ofNew(name));
    const { container, say } = await open(at('idle'));
    for (const name of STATE_NAMES) {
      await say(own(name));
      expect(all(container), name).toBe(expected.get(name));
      // What stands ready is out of reach.
      if (!document.querySelector('article')?.hidden) await workIn();
      await say({ ...at('idle') });
    }
  }, 120_000);

  it('shows each as a new panel does when one call follows another at once', async () => {
    const names = STATE_NAMES.filter((name) => at(name).cards.length === 1);
    const expected = new Map<string, string>();
    for (const name of names) expected.set(name, await ofNew(name));
    const { container, say } = await open(at('idle'));
    for (const name of names) {
      await say(own(name));
      expect(all(container), name).toBe(expected.get(name));
    }
  }, 120_000);

  it('has nothing of them in the page while there is no call', async () => {
    const nothing = await ofNew('idle');
    const { container, say } = await open(own('overdue'));
    await workIn();
    await say(at('idle'));
    // Not even a number of rows.
    expect(all(container)).toBe(nothing);
    expect(document.querySelector('article')?.hidden).toBe(true);
    expect(field().value).toBe('');
    expect(screen.getAllByRole('status')[0]?.textContent).toBe('');
  });
});

describe('the field of the note', () => {
  it('is another one for every call, so that nothing typed before can be brought back by undo', async () => {
    const { say } = await open(own('talking'));
    const before = field();
    await fireEvent.input(before, { target: { value: 'said in confidence' } });
    await say(at('idle'));
    expect(field()).not.toBe(before);
    await say(own('ringing'));
    expect([field() === before, field().value]).toEqual([false, '']);
  });

  it('saves what was typed last under its own call', async () => {
    const { say, asked } = await open(own('talking'));
    await fireEvent.input(field(), { target: { value: 'x' } });
    await say(own('ringing'));
    await vi.advanceTimersByTimeAsync(2000);
    const saved = asked.filter(([command]) => command === 'saveNote');
    expect(saved).toEqual([['saveNote', own('talking').cards[0]!.call, 'x']]);
  });
});

describe('what was begun in one call', () => {
  it('is not done to the next: the focus is gone', async () => {
    const { say } = await open(own('talking'));
    screen.getByTestId('purchase-lines-all').focus();
    await say(own('held'));
    expect(document.activeElement).toBe(document.body);
  });

  it('keeps the focus while the same call goes on', async () => {
    const { say } = await open(own('ringing'));
    field().focus();
    const [card] = own('ringing').cards;
    await say({ ...own('ringing'), cards: [{ ...card!, state: 'talking' }] });
    expect(document.activeElement).toBe(field());
  });

  it('is not done to the next: a press that began before decides nothing', async () => {
    const { say, asked } = await open(own('overdue'));
    const [button] = screen.getAllByRole('button', { name: 'Show' });
    await fireEvent.pointerDown(button!);
    await say({ ...own('overdue'), cards: own('overdue').cards.map((card) => ({ ...card, call: 'another' })) });
    await fireEvent.click(button!, { detail: 1 });
    expect(screen.queryAllByTestId('suggestion')).toEqual([]);
    await fireEvent.pointerDown(button!);
    await fireEvent.click(button!, { detail: 1 });
    expect(screen.queryAllByTestId('suggestion')).not.toEqual([]);
    expect(asked.filter(([command]) => command === 'answerOffer')).toEqual([]);
  });
});
