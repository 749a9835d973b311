import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NoteView } from '../generated/NoteView';
import { LONGEST, NoteDraft, PAUSE, RETRY } from '../pop/note-draft.svelte';

const EMPTY: NoteView = { text: '', saved_at: null };
const at = (second: number) => `2026-11-24T10:00:${String(second).padStart(2, '0')}Z`;

/** A journal that answers when it is told to. */
function slowJournal() {
  const asked: { text: string; done: (note: NoteView) => void; fail: (error: unknown) => void }[] = [];
  const save = (_call: string, text: string) => new Promise<NoteView>((done, fail) => asked.push({ text, done, fail }));
  return { asked, save };
}

/** A journal that answers at once. */
function journal() {
  const texts: string[] = [];
  const save = async (_call: string, text: string) => (texts.push(text), { text, saved_at: at(texts.length) });
  return { texts, save };
}

function typeSlowly(draft: NoteDraft, text: string, gap: number) {
  for (let i = 1; i <= text.length; i++) {
    draft.type(text.slice(0, i));
    vi.advanceTimersByTime(gap);
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a note on its way into the journal', () => {
  it('is written at a pause of typing, not before', async () => {
    const { texts, save } = journal();
    const draft = new NoteDraft('1', EMPTY, save);
    draft.type('a');
    await vi.advanceTimersByTimeAsync(PAUSE - 1);
    expect(texts).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(texts).toEqual(['a']);
  });

  it('is written once for keys that follow each other closely', async () => {
    const { texts, save } = journal();
    const draft = new NoteDraft('1', EMPTY, save);
    typeSlowly(draft, 'hello', 100);
    await vi.advanceTimersByTimeAsync(PAUSE);
    expect(texts).toEqual(['hello']);
  });

  it('is begun to be written at most a second after the first unsaved key when nobody pauses', async () => {
    const { texts, save } = journal();
    const draft = new NoteDraft('1', EMPTY, save);
    const started = Date.now();
    for (let i = 1; texts.length === 0 && i < 100; i++) {
      draft.type('x'.repeat(i));
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(Date.now() - started).toBeLessThanOrEqual(LONGEST + 50);
  });

  it('is called saved only once the journal has said so', async () => {
    const { asked, save } = slowJournal();
    const draft = new NoteDraft('1', EMPTY, save);
    draft.type('a');
    await vi.advanceTimersByTimeAsync(PAUSE);
    expect(draft.savedAt).toBeNull();
    asked[0]!.done({ text: 'a', saved_at: at(1) });
    await vi.advanceTimersByTimeAsync(0);
    expect(draft.savedAt).toBe(at(1));
  });

  it('is not called saved while a later key waits', async () => {
    const { asked, save } = slowJournal();
    const draft = new NoteDraft('1', EMPTY, save);
    draft.type('a');
    await vi.advanceTimersByTimeAsync(PAUSE);
    draft.type('ab');
    asked[0]!.done({ text: 'a', saved_at: at(1) });
    await vi.advanceTimersByTimeAsync(0);
    expect(draft.savedAt).toBeNull();
    await vi.advanceTimersByTimeAsync(PAUSE);
    expect(asked.map(({ text }) => text)).toEqual(['a', 'ab']);
  });

  it('writes one text after the other, so that an older one never lands last', async () => {
    const { asked, save } = slowJournal();
    const draft = new NoteDraft('1', EMPTY, save);
    draft.type('a');
    await vi.advanceTimersByTimeAsync(PAUSE);
    draft.type('ab');
    await vi.advanceTimersByTimeAsync(LONGEST);
    expect(asked).toHaveLength(1);
    asked[0]!.done({ text: 'a', saved_at: at(1) });
    await vi.advanceTimersByTimeAsync(LONGEST);
    expect(asked[1]?.text).toBe('ab');
  });

  it('is written again when the text went back to what was durable while another one was on its way', async () => {
    const { asked, save } = slowJournal();
    const draft = new NoteDraft('1', { text: 'a', saved_at: at(0) }, save);
    draft.type('ab');
    await vi.advanceTimersByTimeAsync(PAUSE);
    draft.type('a');
    asked[0]!.done({ text: 'ab', saved_at: at(1) });
    await vi.advanceTimersByTimeAsync(LONGEST);
    expect(asked.map(({ text }) => text)).toEqual(['ab', 'a']);
  });

  it('stays and is tried again when the journal refuses it', async () => {
    const { asked, save } = slowJournal();
    const draft = new NoteDraft('1', EMPTY, save);
    draft.type('a');
    await vi.advanceTimersByTimeAsync(PAUSE);
    asked[0]!.fail({ code: 'disk_full', message: 'the disk is full: free some space' });
    await vi.advanceTimersByTimeAsync(0);
    expect(draft.problem).toBe('the disk is full: free some space');
    expect(draft.text).toBe('a');
    await vi.advanceTimersByTimeAsync(RETRY);
    asked[1]!.done({ text: 'a', saved_at: at(3) });
    await vi.advanceTimersByTimeAsync(0);
    expect([draft.problem, draft.savedAt]).toEqual([null, at(3)]);
  });

  it('takes what the journal has while nobody types', () => {
    const draft = new NoteDraft('1', EMPTY, journal().save);
    draft.adopt({ text: 'from a colleague', saved_at: at(1) });
    expect(draft.text).toBe('from a colleague');
  });

  it('keeps what is being typed when an older text comes from outside', () => {
    const draft = new NoteDraft('1', EMPTY, journal().save);
    draft.type('mine');
    draft.adopt({ text: 'old', saved_at: at(1) });
    expect(draft.text).toBe('mine');
  });

  it('keeps what it has saved when a view from before the saving comes late', async () => {
    const draft = new NoteDraft('1', { text: 'a', saved_at: at(0) }, journal().save);
    draft.type('ab');
    await vi.advanceTimersByTimeAsync(PAUSE);
    draft.adopt({ text: 'a', saved_at: at(0) });
    expect(draft.text).toBe('ab');
  });

  it('says whether everything is durable when it is asked to write now', async () => {
    const { asked, save } = slowJournal();
    const draft = new NoteDraft('1', EMPTY, save);
    expect(await draft.flush()).toBe(true);
    draft.type('a');
    const failed = draft.flush();
    asked[0]!.fail(new Error('no'));
    expect(await failed).toBe(false);
  });
});
