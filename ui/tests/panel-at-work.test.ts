/* The note, the keyboard, and what stands around the calls. */
import { cleanup, fireEvent, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stateNamed } from '../demo/states';
import type { PanelView } from '../generated/PanelView';
import { GUARD } from '../pop/key-guard';
import { chooseLanguage } from '../shared/words';
import { open } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const at = (name: string) => stateNamed(name, NOW)!;
const text = (id: string) => screen.getByTestId(id).textContent?.replace(/\s+/g, ' ').trim();
const field = () => screen.getByTestId<HTMLTextAreaElement>('note-input');

/** The same panel with other words in the first card. */
const changed = (view: PanelView, change: Partial<PanelView['cards'][number]>): PanelView => ({ ...view, cards: view.cards.map((card, i) => (i === 0 ? { ...card, ...change } : card)) });

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('the note', () => {
  it('says saved on this computer only after the journal said so', async () => {
    let done: (note: { text: string; saved_at: string }) => void = () => undefined;
    await open(at('talking'), { saveNote: () => new Promise((resolve) => (done = resolve)) });
    await fireEvent.input(field(), { target: { value: 'call back' } });
    await vi.advanceTimersByTimeAsync(500);
    expect(screen.queryByTestId('note-saved')).toBeNull();
    done({ text: 'call back', saved_at: '2026-11-24T10:00:00Z' });
    await vi.advanceTimersByTimeAsync(0);
    expect(text('note-saved')).toContain('Saved on this computer');
  });

  it('keeps text and caret when a view with an older text comes', async () => {
    const { say } = await open(at('talking'));
    field().focus();
    await fireEvent.input(field(), { target: { value: 'mine' } });
    field().setSelectionRange(2, 2);
    await say(changed(at('talking'), { note: { text: 'old', saved_at: '2026-11-24T09:00:00Z' } }));
    expect([field().value, field().selectionStart, document.activeElement]).toEqual(['mine', 2, field()]);
  });

  it('keeps the caret when another call rings', async () => {
    const { say } = await open(at('wrap-up'));
    field().focus();
    const before = field();
    const [other] = at('two').cards;
    await say({ ...at('wrap-up'), cards: [other!, ...at('wrap-up').cards] });
    expect([document.activeElement, before.isConnected]).toEqual([before, true]);
    expect(screen.getAllByTestId('card').map((card) => card.dataset.open)).toEqual(['false', 'true']);
  });

  it('never moves the focus by itself', async () => {
    const { say } = await open(at('idle'));
    for (const state of ['ringing', 'talking', 'two', 'wrap-up', 'missed']) {
      await say(at(state));
      expect(document.activeElement).toBe(document.body);
    }
  });

  it('is written when the field is left, before any pause', async () => {
    const { asked } = await open(at('talking'));
    await fireEvent.input(field(), { target: { value: 'x' } });
    await fireEvent.blur(field());
    expect(asked).toContainEqual(['saveNote', '1', 'x']);
  });

  it('is written when the agent turns to another call, and is still there afterwards', async () => {
    const { asked } = await open(at('two'));
    await fireEvent.input(field(), { target: { value: 'for Søren' } });
    await fireEvent.keyDown(window, { key: 'ArrowUp', altKey: true });
    expect(asked).toContainEqual(['saveNote', '12', 'for Søren']);
    expect(field().value).toBe('');
    await fireEvent.keyDown(window, { key: 'ArrowDown', altKey: true });
    expect(field().value).toBe('for Søren');
  });

  it('is written when its call goes before the pause', async () => {
    const { asked, say } = await open(at('talking'));
    await fireEvent.input(field(), { target: { value: 'last words' } });
    await say(at('idle'));
    expect(asked).toContainEqual(['saveNote', '1', 'last words']);
  });

  it('is made durable before Ctrl Enter ends the wrap-up', async () => {
    const { asked } = await open(at('wrap-up'));
    await fireEvent.input(field(), { target: { value: 'done' } });
    await fireEvent.keyDown(field(), { key: 'Enter', ctrlKey: true });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([['stayOpen', '1'], ['saveNote', '1', 'done'], ['closeCard', '1']]);
  });

  it('keeps the card open with the reason when it cannot be saved', async () => {
    const { asked } = await open(at('wrap-up'), { saveNote: () => Promise.reject({ code: 'disk', message: 'the disk is full' }) });
    await fireEvent.input(field(), { target: { value: 'done' } });
    await fireEvent.click(screen.getByTestId('close-card'));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.some(([command]) => command === 'closeCard')).toBe(false);
    expect(text('note-problem')).toContain('Not saved: the disk is full');
    expect(field().value).toBe('done');
  });
});

describe('the keyboard', () => {
  it('decides nothing in the first moments after it arrives', async () => {
    const { asked } = await open(at('several'));
    window.dispatchEvent(new FocusEvent('focus'));
    await vi.advanceTimersByTimeAsync(GUARD - 1);
    expect(await fireEvent.keyDown(document.body, { key: '1' })).toBe(false);
    expect(await fireEvent.keyDown(document.body, { key: 'Escape' })).toBe(false);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await fireEvent.keyDown(document.body, { key: '1' });
    expect(asked).toEqual([['chooseCustomer', '3', 'CRM/1']]);
  });

  it('is asked for by a press into the note, not by a press on a button', async () => {
    const { asked } = await open(at('missed'));
    await fireEvent.pointerDown(screen.getByRole('button', { name: /Dismiss/ }));
    expect(asked).toEqual([]);
    cleanup();
    const talking = await open(at('talking'));
    await fireEvent.pointerDown(field());
    expect(talking.asked).toEqual([['wantKeyboard']]);
  });

  it('hides the panel with Escape and saves what was typed', async () => {
    const { asked } = await open(at('talking'));
    await fireEvent.input(field(), { target: { value: 'x' } });
    await fireEvent.keyDown(field(), { key: 'Escape' });
    expect(asked).toEqual([['saveNote', '1', 'x'], ['hidePanel']]);
  });
});

describe('around the calls', () => {
  it('shows several calls as cards with one open', async () => {
    await open(at('two'));
    expect(screen.getAllByTestId('card').map(({ dataset }) => [dataset.call, dataset.open])).toEqual([['11', 'false'], ['12', 'true'], ['13', 'false']]);
    expect(screen.getAllByTestId('card-state').map((state) => state.textContent)).toEqual(['Waiting', 'Talking', 'Wrap-up']);
  });

  it('lists the missed calls of a number in one line that can be dismissed', async () => {
    const { asked } = await open(at('missed'));
    expect(text('missed')).toContain('Łukasz Wójcik Delikatesy Wójcik');
    expect(text('missed')).toContain('rang 22 s · 2× today');
    await fireEvent.click(screen.getByRole('button', { name: /Dismiss/ }));
    expect(asked).toEqual([['dismissMissed', 'm1'], ['dismissMissed', 'm0']]);
  });

  it('says since when the phone system is lost and what it said', async () => {
    await open(at('lost'));
    expect(screen.getByTestId('feed-banner').textContent).toContain('No connection to the phone system since');
    expect(screen.getByTestId('feed-banner').textContent).toContain('Asterisk closed the connection');
    expect(screen.getByTestId('feed-banner').getAttribute('role')).toBe('status');
  });

  it('confirms a mark after the second frame that follows the change', async () => {
    const { asked, say, mark } = await open(at('idle'));
    await say(at('ringing'));
    mark(7);
    await vi.advanceTimersByTimeAsync(15);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(40);
    expect(asked).toEqual([['painted', 7]]);
  });

  it('says what is wrong when the state cannot be read', async () => {
    await open(at('idle'), { panelState: () => Promise.reject({ code: 'locked', message: 'the store is locked: enter the passphrase' }) });
    expect(text('problem')).toBe('the store is locked: enter the passphrase');
  });
});

describe('a second call', () => {
  it('waits while another one is on, and rings while nobody talks', async () => {
    const { say } = await open(at('two'));
    expect(screen.getAllByTestId('card-state')[0]?.textContent).toBe('Waiting');
    const [ringing] = at('two').cards;
    await say({ ...at('idle'), cards: [ringing!, { ...at('ringing').cards[0]!, call: 'other' }] });
    expect(screen.getAllByTestId('card-state').map((state) => state.textContent)).toEqual(['Ringing', 'Ringing']);
  });
});

describe('what is covered until the caller was verified', () => {
  it('is not in the page, and comes when the agent ticks that the caller was verified', async () => {
    const { asked } = await open(at('covered'));
    expect(document.body.innerHTML).not.toMatch(/312[.,]05|Bilbao/);
    expect(text('covered')).toBe('Balance Covered until verifiedAddress Covered until verified');
    await fireEvent.click(screen.getByTestId('uncover'));
    expect(asked).toEqual([['uncover', '20']]);
  });

  it('has the tier among it, and says what one tick shows', async () => {
    await open(at('tier-covered'));
    expect(text('covered')).toBe('Balance Covered until verifiedAddress Covered until verifiedTier Covered until verified');
    expect(document.body.textContent).toContain('Shows what is covered.');
    cleanup();
    const known = at('tier-covered');
    await open(changed(known, { pop: { ...known.cards[0]!.pop, covered: ['tier'] } }));
    expect(document.body.textContent).toContain('Shows the tier.');
  });

  it('is uncovered by Alt V, also from the note, and by nothing where nothing is covered', async () => {
    const { asked, say } = await open(at('covered'));
    await fireEvent.keyDown(field(), { key: 'v', altKey: true });
    expect(asked).toEqual([['uncover', '20']]);
    await say(at('uncovered'));
    expect(text('uncovered')).toContain('Uncovered by Marta');
    expect(text('balance')).toContain('€312.05');
    await fireEvent.keyDown(field(), { key: 'v', altKey: true });
    expect(asked).toHaveLength(1);
  });

  it('stays covered, with the tick taken back, where that could not be written down', async () => {
    await open(at('covered'), { uncover: () => Promise.reject({ code: 'journal', message: 'no room' }) });
    await fireEvent.click(screen.getByTestId('uncover'));
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.getByTestId<HTMLInputElement>('uncover').checked).toBe(false);
    expect(screen.getByTestId('problem')).toBeTruthy();
  });

  it('is not uncovered by a key that types a letter with AltGr', async () => {
    const { asked } = await open(at('covered'));
    await fireEvent.keyDown(field(), { key: 'v', altKey: true, ctrlKey: true });
    expect(asked).toEqual([]);
  });
});

describe('a wrap-up', () => {
  it('counts down to its end, and stays at the first key or press in the panel', async () => {
    const { asked } = await open(at('wrap-up'));
    expect(text('closes')).toBe('Closes by itself in 0:38');
    expect(screen.getByTestId('quiet-timer')).toBeTruthy();
    await vi.advanceTimersByTimeAsync(1000);
    expect(text('closes')).toBe('Closes by itself in 0:37');
    await fireEvent.pointerDown(screen.getByTestId('who-name'));
    await fireEvent.keyDown(field(), { key: 'a' });
    expect(asked.filter(([command]) => command === 'stayOpen')).toEqual([['stayOpen', '1']]);
  });

  it('says nothing of its end when it has none', async () => {
    await open(at('wrap-up-held'));
    expect([screen.queryByTestId('closes'), screen.queryByTestId('quiet-timer')]).toEqual([null, null]);
  });

  it('stays while its note is not durable', async () => {
    const { asked, say } = await open(at('talking'), { saveNote: () => Promise.reject({ code: 'journal', message: 'no room' }) });
    await fireEvent.input(field(), { target: { value: 'do not lose me' } });
    await vi.advanceTimersByTimeAsync(400);
    await say({ ...at('wrap-up'), cards: at('wrap-up').cards.map((card) => ({ ...card, note: { text: '', saved_at: null } })) });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toContainEqual(['stayOpen', '1']);
  });
});

describe('the map of keys', () => {
  it('opens with a question mark, or with F1 out of the note, and gives the focus back', async () => {
    await open(at('ringing'));
    field().focus();
    await fireEvent.keyDown(field(), { key: '?' });
    expect(screen.queryByRole('dialog')).toBeNull();
    await fireEvent.keyDown(field(), { key: 'F1' });
    await vi.advanceTimersByTimeAsync(50);
    expect(screen.getByRole('dialog', { name: 'Keys' }).textContent).toContain('hide');
    await fireEvent.click(screen.getByRole('button', { name: 'Close' }));
    await vi.advanceTimersByTimeAsync(50);
    expect([screen.queryByRole('dialog'), document.activeElement]).toEqual([null, field()]);
  });
});

describe('what is old', () => {
  it('looks and reads older from the limit on', async () => {
    await open(at('stale'));
    const sources = screen.getAllByTestId('source').map((source) => [source.textContent, source.classList.contains('old')]);
    expect(sources).toContainEqual(['Xero · 3 days old', true]);
    expect(sources).toContainEqual(['Odoo · from 15 Oct', true]);
    expect(sources.filter(([, old]) => !old)).toHaveLength(1);
  });

  it('is decided by the limit that the panel was given', async () => {
    await open({ ...at('ringing'), stale_after_seconds: 60 });
    expect(screen.getAllByTestId('source')[0]?.classList.contains('old')).toBe(true);
  });
});

describe('a hand-over', () => {
  it("shows the colleague's note above everything that is known", async () => {
    await open(at('handed-over'));
    expect(text('handed-note')).toContain('Wants the 6 cases before Friday');
    expect(text('handed-note')).toContain('Line 101');
    expect(field().value).toBe('');
  });
});

describe('somebody at the panel', () => {
  it('is told to the desk at once and then now and then, and nobody is while none is there', async () => {
    let told = 0;
    const { say } = await open(at('ringing'), { atTheDesk: async () => void told++ });
    await vi.advanceTimersByTimeAsync(60_000);
    await say(at('talking'));
    expect(told).toBe(0);
    await fireEvent.keyDown(field(), { key: 'a' });
    expect(told).toBe(1);
    for (let key = 0; key < 40; key += 1) {
      await fireEvent.keyDown(field(), { key: 'a' });
      await vi.advanceTimersByTimeAsync(250);
    }
    expect(told).toBe(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toBe(2);
    await fireEvent.pointerDown(screen.getByTestId('panel'));
    expect(told).toBe(3);
  });

  it('goes on when the desk does not hear it', async () => {
    const { asked } = await open(at('talking'), { atTheDesk: () => Promise.reject({ code: 'closed', message: 'closing' }) });
    await fireEvent.input(field(), { target: { value: 'x' } });
    await fireEvent.keyDown(field(), { key: 'x' });
    await fireEvent.blur(field());
    expect(asked).toContainEqual(['saveNote', '1', 'x']);
    expect(screen.queryByTestId('problem')).toBeNull();
  });
});
