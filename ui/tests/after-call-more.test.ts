/* A ticket, a template, an answer to a suggestion: by the keyboard alone. */
import { cleanup, fireEvent, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bozena, stateNamed } from '../demo/states';
import type { CardView } from '../generated/CardView';
import type { PanelView } from '../generated/PanelView';
import { chooseLanguage } from '../shared/words';
import { open, SHOP } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const at = (name: string) => stateNamed(name, NOW)!;
const text = (id: string) => screen.getByTestId(id).textContent?.replace(/\s+/g, ' ').trim();
const note = () => screen.getByTestId<HTMLTextAreaElement>('note-input');
const input = (id: string) => screen.getByTestId<HTMLInputElement>(id);
const focused = () => (document.activeElement as HTMLElement).dataset.testid;

/** A key where the focus is. */
async function press(key: string, more: KeyboardEventInit = {}) {
  await fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });
  await vi.advanceTimersByTimeAsync(0);
}
const alt = (key: string) => press(key, { altKey: true });

async function type(id: string, value: string) {
  await fireEvent.input(input(id), { target: { value } });
  await vi.advanceTimersByTimeAsync(0);
}

const changed = (view: PanelView, change: Partial<CardView>): PanelView => ({ ...view, cards: view.cards.map((card) => ({ ...card, ...change })) });

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('a ticket', () => {
  it('is opened in two keys, with the first line of the note', async () => {
    const { only: asked } = await open(changed(at('talking'), { note: { text: 'Lid is broken\nblue one', saved_at: '2026-11-24T09:59:00Z' } }));
    await alt('k');
    expect(focused()).toBe('ticket-kind-complaint');
    await press('1');
    expect(focused()).toBe('priority-low');
    await press('3');
    expect(asked('openTicket')).toEqual([['openTicket', '1', { kind: 'complaint', priority: 'high', subject: 'Lid is broken' }]]);
    expect([screen.queryByTestId('ticket-form'), focused()]).toEqual([null, 'note-input']);
  });

  it('has the words that were typed, in which a digit is a digit', async () => {
    const { only: asked } = await open(at('wrap-up'));
    await alt('k');
    await press('2');
    input('ticket-subject').focus();
    await press('4');
    await type('ticket-subject', 'Order 4711');
    expect(asked('openTicket', 'setDisposition')).toEqual([]);
    await fireEvent.click(screen.getByTestId('priority-urgent'));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked('openTicket')).toEqual([['openTicket', '1', { kind: 'question', priority: 'urgent', subject: 'Order 4711' }]]);
  });

  it('keeps the card open while its words stand in no ticket', async () => {
    const { only: asked } = await open(at('wrap-up'));
    await alt('k');
    await type('ticket-subject', 'Order 4711');
    await press('Escape');
    await press('Enter', { ctrlKey: true });
    expect(asked('closeCard', 'hidePanel')).toEqual([]);
    expect(text('ticket-problem')).toContain('Choose what it is about');
    expect(input('ticket-subject').value).toBe('Order 4711');
  });

  it('stays with the reason where it could not be kept', async () => {
    await open(at('talking'), { openTicket: () => Promise.reject({ code: 'journal', message: 'no room' }) });
    await alt('k');
    await press('5');
    await press('1');
    expect(text('ticket-problem')).toBe('no room');
  });
});

describe('templates', () => {
  it('go by a digit to where the caret stands in the note', async () => {
    const { only: asked } = await open(at('talking'));
    await fireEvent.input(note(), { target: { value: 'Asked: . Bye' } });
    note().focus();
    note().setSelectionRange(7, 7);
    await alt('t');
    expect([focused(), screen.getAllByRole('menuitem').length]).toEqual(['template', 2]);
    await press('2');
    expect([note().value, note().selectionStart, focused()]).toEqual(['Asked: Sent the payment link.. Bye', 29, 'note-input']);
    await vi.advanceTimersByTimeAsync(400);
    expect(asked('saveNote').at(-1)).toEqual(['saveNote', '1', 'Asked: Sent the payment link.. Bye']);
  });

  it('close with Escape and change nothing', async () => {
    await open(at('talking'));
    await alt('t');
    await press('ArrowDown');
    expect(document.activeElement?.textContent).toContain('Payment link');
    await press('Escape');
    expect([screen.queryByRole('menu'), note().value, focused()]).toEqual([null, '', 'note-input']);
  });

  it('are not spoken of where the shop has none', async () => {
    await open(at('talking'), { afterCall: async () => ({ ...SHOP, templates: [] }) });
    await alt('t');
    expect([screen.queryByRole('menu'), screen.queryByTestId('open-template')]).toEqual([null, null]);
  });
});

describe('an answer to a suggestion', () => {
  const answered = (answers: ('offered' | 'accepted' | null)[]) => changed(at('talking'), { pop: { ...bozena(NOW), suggestions: bozena(NOW).suggestions.map((one, i) => ({ ...one, answer: answers[i] ?? null })) } });

  it('is given by Alt and a digit while the call is on, to the one that is open', async () => {
    const { only: asked, say } = await open(at('talking'));
    await alt('1');
    await say(answered(['offered']));
    await alt('2');
    await say(answered(['accepted']));
    expect(screen.getAllByTestId('answered').map((chip) => chip.textContent?.trim())).toEqual(['Accepted']);
    await alt('3');
    expect(asked('answerOffer')).toEqual([['answerOffer', '1', 'S1', 'offered'], ['answerOffer', '1', 'S1', 'accepted'], ['answerOffer', '1', 'S2', 'declined']]);
  });

  it('leaves Alt and a digit to the disposition in the wrap-up', async () => {
    const { only: asked } = await open(at('wrap-up'));
    await alt('2');
    expect(asked('answerOffer', 'setDisposition')).toEqual([['setDisposition', '1', 'question']]);
    await fireEvent.click(screen.getByTestId('answer-declined'));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked('answerOffer')).toEqual([['answerOffer', '1', 'S1', 'declined']]);
  });

  it('can be changed', async () => {
    const { only: asked } = await open(answered(['accepted']));
    await fireEvent.click(screen.getAllByTestId('suggestion-open')[0]!);
    await alt('4');
    expect(asked('answerOffer')).toEqual([['answerOffer', '1', 'S1', 'not_now']]);
  });

  it('is not asked while suggestions are paused because of a complaint, until the agent wants to see them', async () => {
    const { only: asked } = await open(at('complaint'));
    expect(text('paused')).toContain('Paused while a complaint is open.');
    await alt('2');
    expect([screen.queryAllByTestId('suggestion').length, asked('answerOffer')]).toEqual([0, []]);
    await fireEvent.click(screen.getByRole('button', { name: 'Show' }));
    await alt('2');
    expect(asked('answerOffer')).toEqual([['answerOffer', '1', 'S1', 'accepted']]);
  });

  it('is not asked while the phone rings', async () => {
    const { only: asked } = await open(at('ringing'));
    await alt('2');
    expect([asked('answerOffer'), screen.queryByTestId('answer')]).toEqual([[], null]);
  });
});

describe('keys that the settings change', () => {
  it('work, are hinted at and stand in the map; the old ones do nothing', async () => {
    const { only: asked } = await open(at('talking'), { afterCall: async () => ({ ...SHOP, keys: { follow_up: ['Ctrl+F'], answer: ['Ctrl+1-4'] } }) });
    await alt('f');
    expect(screen.queryByTestId('follow-up')).toBeNull();
    expect(text('open-follow_up')).toBe('CtrlFFollow-up');
    await press('f', { ctrlKey: true });
    expect(focused()).toBe('when');
    await press('2', { ctrlKey: true });
    expect(asked('answerOffer')).toEqual([['answerOffer', '1', 'S1', 'accepted']]);
    await press('F1');
    await vi.advanceTimersByTimeAsync(50);
    expect(screen.getByRole('dialog', { name: 'Keys' }).textContent?.replace(/\s+/g, ' ')).toContain('CtrlFplan a follow-up');
  });

  it('count by the key where the layout has digits on Shift', async () => {
    const { only: asked } = await open(at('wrap-up'));
    await press('é', { altKey: true, code: 'Digit2' });
    expect(asked('setDisposition')).toEqual([['setDisposition', '1', 'question']]);
  });

  it('type a letter with AltGr and do nothing', async () => {
    const { only: asked } = await open(at('wrap-up'));
    await press('f', { altKey: true, ctrlKey: true });
    await press('2', { altKey: true, ctrlKey: true });
    expect([focused(), asked('setDisposition')]).toEqual([undefined, []]);
  });
});

describe('a wrap-up with everything made', () => {
  it('stays open at the first touch of any of its fields', async () => {
    for (const id of ['when', 'promise', 'disposition-order']) {
      const { only: asked } = await open(at('wrap-up'));
      await fireEvent.pointerDown(input(id));
      expect(asked('stayOpen')).toEqual([['stayOpen', '1']]);
      cleanup();
    }
  });

  it('stays open after what was typed in it is saved', async () => {
    const { only: asked, say } = await open(at('talking'));
    await alt('f');
    await type('when', 'Fri 10:00');
    await say(at('wrap-up-held'));
    await press('Enter');
    expect(asked('stayOpen')).toEqual([['stayOpen', '1']]);
  });

  it('says that a card number was struck out of the note', async () => {
    await open(at('struck'));
    expect(text('struck')).toBe('A card number was struck out');
    cleanup();
    await open(at('wrap-up'));
    expect(screen.queryByTestId('struck')).toBeNull();
  });
});
