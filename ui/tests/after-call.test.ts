/* What an agent makes of a call, by the keyboard alone. */
import { cleanup, fireEvent, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bozena, card, stateNamed, task, ticket } from '../demo/states';
import type { CardView } from '../generated/CardView';
import type { PanelView } from '../generated/PanelView';
import { chooseLanguage } from '../shared/words';
import { open } from './stage';

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
const withOpen = (state: 'talking' | 'wrap_up', open: PanelView['cards'][number]['pop']['open']) => ({ ...at('talking'), cards: [card('1', state, { ...bozena(NOW), open }, 20, NOW)] });

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('the disposition', () => {
  it('is chosen in the wrap-up by Alt and a digit, or by a digit where nobody writes', async () => {
    const { only: asked } = await open(at('wrap-up'));
    expect(screen.getByRole('radiogroup', { name: 'Disposition' }).textContent).toContain('Sample sent');
    await press('2');
    note().focus();
    await press('3');
    await alt('6');
    expect(asked('setDisposition')).toEqual([['setDisposition', '1', 'question'], ['setDisposition', '1', 'sample']]);
  });

  it('shows what the journal has, and is taken away by the same key', async () => {
    const { only: asked, say } = await open(at('wrap-up'));
    expect(input('disposition-order').checked).toBe(false);
    await say(changed(at('wrap-up'), { disposition: 'order' }));
    expect(input('disposition-order').checked).toBe(true);
    await press('1');
    expect(asked('setDisposition')).toEqual([['setDisposition', '1', null]]);
  });

  it('jumps back, with the reason, where it could not be kept', async () => {
    await open(at('wrap-up'), { setDisposition: () => Promise.reject({ code: 'journal', message: 'no room' }) });
    await fireEvent.click(input('disposition-order'));
    await vi.advanceTimersByTimeAsync(0);
    expect([input('disposition-order').checked, text('problem')]).toEqual([false, 'no room']);
  });

  it('is chosen while the call is on in a list that opens by a key and gives the focus back', async () => {
    const { only: asked } = await open(at('talking'));
    expect(screen.queryByTestId('dispositions')).toBeNull();
    await alt('d');
    expect(focused()).toBe('disposition-order');
    await press('4');
    expect(asked('setDisposition')).toEqual([['setDisposition', '1', 'ring_back']]);
    expect([screen.queryByTestId('dispositions'), focused()]).toEqual([null, 'note-input']);
  });

  it('has no key of a disposition that the shop does not have', async () => {
    const { only: asked } = await open(at('wrap-up'));
    await alt('7');
    expect(asked('setDisposition')).toEqual([]);
  });
});

describe('a follow-up', () => {
  it('is typed by keys alone: when, as it is understood, and what', async () => {
    const { only: asked } = await open(at('talking'));
    await alt('f');
    expect(focused()).toBe('when');
    await type('when', 'Fri 10:00');
    expect(text('when-understood')).toContain('Friday 27 November');
    await type('promise', 'Send the price list');
    await fireEvent.submit(screen.getByTestId('follow-up'));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked('planTask')).toEqual([['planTask', '1', { kind: 'follow_up', due: '2026-11-27T10:00:00Z', text: 'Send the price list' }]]);
    expect([screen.queryByTestId('follow-up'), focused()]).toEqual([null, 'note-input']);
  });

  it('is a call back with another key', async () => {
    const { only: asked } = await open(at('wrap-up'));
    await alt('b');
    expect([focused(), input('todo-callback').checked]).toEqual(['when', true]);
    await type('when', 'Fri 10:00');
    await fireEvent.submit(screen.getByTestId('follow-up'));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked('planTask')[0]?.[2]).toMatchObject({ kind: 'callback' });
    expect(input('when').value).toBe('');
  });

  it('keeps a time that is not understood, and says so', async () => {
    const { only: asked } = await open(at('wrap-up'));
    await alt('f');
    await type('when', 'soon');
    expect(text('when-problem')).toBe('“soon” is not understood. Write for example “Fri 10:00”.');
    expect(input('when').getAttribute('aria-invalid')).toBe('true');
    await fireEvent.submit(screen.getByTestId('follow-up'));
    await vi.advanceTimersByTimeAsync(0);
    expect([input('when').value, asked('planTask')]).toEqual(['soon', []]);
  });

  it.each([['past', 'That time is over.'], ['nonsense', 'There is no such day or time.'], ['too_far', 'That is more than two years ahead.']] as const)('says why it cannot be: %s', async (kind, words) => {
    await open(at('wrap-up'), { readWhen: async () => ({ kind }) });
    await type('when', 'today at 9');
    expect(text('when-problem')).toBe(words);
  });

  it('drops a meaning that comes later than the next one', async () => {
    const answers: ((meaning: { kind: 'past' } | { kind: 'understood'; at: string }) => void)[] = [];
    await open(at('wrap-up'), { readWhen: () => new Promise((resolve) => answers.push(resolve)) });
    await type('when', 'Fri 1');
    await type('when', 'Fri 10:00');
    answers[1]?.({ kind: 'understood', at: '2026-11-27T10:00:00Z' });
    await vi.advanceTimersByTimeAsync(0);
    answers[0]?.({ kind: 'past' });
    await vi.advanceTimersByTimeAsync(0);
    expect([text('when-understood') !== '', screen.queryByTestId('when-problem')]).toEqual([true, null]);
  });

  it('stays as it was typed where it could not be kept', async () => {
    await open(at('wrap-up'), { planTask: () => Promise.reject({ code: 'journal', message: 'no room' }) });
    await type('when', 'Fri 10:00');
    await type('promise', 'Send it');
    await fireEvent.submit(screen.getByTestId('follow-up'));
    await vi.advanceTimersByTimeAsync(0);
    expect([text('when-problem'), input('when').value, input('promise').value]).toEqual(['no room', 'Fri 10:00', 'Send it']);
  });

  it('is planned by save and close, and keeps the card open while it is not understood', async () => {
    const { only: asked } = await open(at('wrap-up'));
    await type('when', 'soon');
    await press('Enter', { ctrlKey: true });
    expect(asked('planTask', 'closeCard')).toEqual([]);
    await type('when', 'Fri 10:00');
    await press('Enter', { ctrlKey: true });
    expect(asked('planTask', 'closeCard').map(([command]) => command)).toEqual(['planTask', 'closeCard']);
  });

  it('asks for a time where only words were typed', async () => {
    const { only: asked } = await open(at('wrap-up'));
    await type('promise', 'Send it');
    await press('Enter', { ctrlKey: true });
    expect([text('when-problem'), asked('closeCard')]).toEqual(['Write a day or a time first.', []]);
  });

  it('tells the desk while something is typed, so that the card stays, and when nothing is any more', async () => {
    const { only: asked } = await open(at('wrap-up'));
    await type('when', 'F');
    await type('when', 'Fri 10:00');
    await fireEvent.submit(screen.getByTestId('follow-up'));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked('drafting')).toEqual([['drafting', '1', true], ['drafting', '1', false]]);
  });

  it('is still there after another call came in between', async () => {
    const { say } = await open(at('talking'));
    await alt('f');
    await type('when', 'Fri');
    await type('promise', 'Send');
    const ringing = at('two').cards[0]!;
    await say({ ...at('talking'), cards: [ringing, ...at('wrap-up').cards] });
    expect([focused(), input('when').value]).toEqual(['when', 'Fri']);
    await alt('ArrowUp');
    await alt('ArrowDown');
    expect([input('when').value, input('promise').value]).toEqual(['Fri', 'Send']);
  });

  it('is folded by Escape, unsaved as it is, and says so', async () => {
    const { only: asked } = await open(at('talking'));
    await alt('f');
    await type('when', 'Fri');
    await press('Escape');
    expect([screen.queryByTestId('follow-up'), focused(), asked('hidePanel')]).toEqual([null, 'note-input', []]);
    expect(text('open-follow_up')).toContain('not saved yet');
    await alt('f');
    expect(input('when').value).toBe('Fri');
  });
});

describe('what is open', () => {
  const promise = task(7, 'callback', 'Tell the price', NOW - 60_000, 'before', NOW - 86_400_000);

  it('is said above everything when it is due, and can be done and taken back', async () => {
    const { only: asked, say } = await open(withOpen('talking', [promise]));
    expect(text('promise-due')).toContain('Promised by line 101: Tell the price');
    expect(text('open-item')).toContain('Call back, was due');
    await fireEvent.click(screen.getByTestId('settle'));
    await vi.advanceTimersByTimeAsync(0);
    await say(withOpen('talking', []));
    expect(text('settled')).toContain('Done: Tell the price');
    await fireEvent.click(screen.getByTestId('unsettle'));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked('finishTask')).toEqual([['finishTask', 7, true], ['finishTask', 7, false]]);
  });

  it('stands beside the note when it was made in this call, and can be taken back there', async () => {
    const { only: asked } = await open(withOpen('wrap_up', [task(8, 'follow_up', '', NOW + 86_400_000, '1', NOW), ticket(3, 'complaint', 'high', '•••• •••• •••• 1111 charged', '1', NOW)]));
    expect(screen.queryByTestId('promise-due')).toBeNull();
    expect(text('made')).toContain('Follow-up, due 25 Nov');
    expect(text('made')).toContain('Complaint · High');
    expect(text('struck')).toBe('A card number was struck out');
    for (const way of screen.getAllByTestId('settle')) await fireEvent.click(way);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked('dropTask', 'moveTicket')).toEqual([['dropTask', 8], ['moveTicket', 3, 'closed']]);
  });
});
