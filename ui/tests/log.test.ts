import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { demoLog } from '../demo/log';
import { commented, demoLink, demoRow, demoStory, filteredLog, marked, type Reviews } from '../demo/review';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import { logAddress, logFilterOf, pageOf, storyAddress, storyOf } from '../desk/pages';
import type { LogFilter } from '../generated/LogFilter';
import { chooseLanguage } from '../shared/words';
import { EVERYTHING, Log, whole } from '../supervisor/log.svelte';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const settle = () => vi.advanceTimersByTimeAsync(0);
const rows = () => screen.queryAllByTestId('log-row');
const calls = () => rows().map((row) => row.dataset.call);
const squeezed = (one: Element | undefined | null) => one?.textContent?.replace(/\s+/g, ' ').trim();

/** A journal of the demo's calls, `times` as many. */
function journal(times = 1) {
  const log = Array.from({ length: times }, (_, turn) => demoLog(NOW).map((row) => ({ ...row, call: `${row.call}-${turn}`, at: new Date(Date.parse(row.at) - turn * 30 * 86_400_000).toISOString() }))).flat();
  const reviews: Reviews = new Map();
  let saved: { name: string; filter: string }[] = [];
  const row = (call: string) => log.find((one) => one.call === call)!;
  const backend: Partial<Backend> = {
    async logRows(filter, before, limit) {
      const fitting = filteredLog(log.map((row) => demoRow(row, reviews)), filter, NOW);
      const from = before === null ? 0 : fitting.findIndex(({ row }) => row.call === before) + 1;
      return fitting.slice(from, from + limit);
    },
    logChoices: async () => ({ agents: ['101', '102'], queues: ['Orders', 'Sales line'] }),
    logLink: async (filter) => demoLink(filter),
    filters: async () => saved,
    keepFilter: async (_page, name, filter) => void (saved = [...saved.filter((one) => one.name !== name), ...(filter === null ? [] : [{ name, filter }])]),
    story: async (call) => demoStory(row(call), reviews),
    commentCall: async (call, text) => (commented(reviews, call, text, new Date(NOW).toISOString()), demoStory(row(call), reviews)),
    markCall: async (call, mark) => (marked(reviews, call, mark, new Date(NOW).toISOString()), demoStory(row(call), reviews)),
  };
  return { backend, log };
}

async function open(address: string, more: Partial<Backend> = {}, times = 1) {
  location.hash = address;
  const { backend, log } = journal(times);
  const on = stage(stateNamed('idle', NOW)!, { ...backend, ...more });
  render(Desk, { backend: on.backend });
  await settle();
  return { ...on, log };
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

describe('the addresses of the log', () => {
  it('name a filter or a call, whatever stands in them', () => {
    const filter: Partial<LogFilter> = { words: 'a?b#c/ü', outcome: 'missed' };
    expect(logFilterOf(logAddress(filter))).toEqual(filter);
    expect(storyOf(storyAddress('pbx:1/2?3'))).toBe('pbx:1/2?3');
    expect([pageOf('#/log'), pageOf(logAddress(filter)), pageOf(storyAddress('x'))]).toEqual(['log', 'log', 'log']);
    expect([storyOf('#/log'), storyOf(logAddress(filter)), logFilterOf(storyAddress('x'))]).toEqual([null, null, null]);
    expect([logFilterOf('#/log?%'), logFilterOf('#/log?null'), logFilterOf('#/log?no')]).toEqual([null, {}, {}]);
  });

  it('filter by nothing that no log knows', () => {
    expect(whole({ outcome: 'busy', evil: 1 } as Partial<LogFilter>)).toEqual({ ...EVERYTHING, outcome: 'busy' });
  });
});

describe('the call log', () => {
  it('shows who called, where it waited, who talked, how it matched and ended', async () => {
    await open('#/log');
    expect(screen.getByTestId('log-count').textContent).toBe('the latest 100 calls');
    expect(squeezed(rows()[0])).toMatch(/Anaïs Lefèvre.*Épicerie Lefèvre.*Sales line.*101 → 102.*Shared, chosen.*Verified A.*Answered.*0:04.*3:05/);
    expect(squeezed(rows()[3])).toMatch(/\+49 30 23125 417.*None.*Verified A.*Missed/);
  });

  it('says in one place what the agent says of a call, and of one that nobody answered both', async () => {
    const log = demoLog(NOW).slice(0, 2).map((row, i) => ({ ...row, outcome: i === 0 ? ('answered' as const) : ('missed' as const), direction: 'in' as const, disposition: 'order' }));
    await open('#/log', { logRows: async () => log.map((row) => demoRow(row, new Map())) });
    const [answered, missed] = rows().map(squeezed);
    expect(answered).toContain('Order placed');
    expect(answered).not.toContain('Answered');
    expect(missed).toContain('Missed · Order placed');
  });

  it('draws of a long list what stands on the screen, and reads on page by page', async () => {
    const logRows = vi.fn(journal(8).backend.logRows!);
    await open('#/log', { logRows }, 8);
    expect(rows().length).toBeGreaterThan(10);
    expect(rows().length).toBeLessThan(60);
    for (let page = 2; page <= 4; page++) {
      await fireEvent.click(screen.getByTestId('log-more'));
      await settle();
    }
    expect(screen.getByTestId('log-count').textContent).toBe('the latest 400 calls');
    expect(rows().length).toBeLessThan(60);
    expect(logRows.mock.calls.map(([, before]) => before)).toEqual([null, 'log-99-0', 'log-199-0', 'log-39-1']);
  });

  it('is filtered by each of its filters, and cleared again', async () => {
    const { log } = await open('#/log');
    const choose = async (id: string, value: string) => (await fireEvent.change(screen.getByTestId(id), { target: { value } }), await settle());
    await choose('log-outcome', 'missed');
    expect(new Set(calls().map((call) => log.find((row) => row.call === call)?.outcome))).toEqual(new Set(['missed']));
    await choose('log-direction', 'in');
    await choose('log-period', '7');
    expect(rows().length).toBeGreaterThan(0);
    expect(rows().every((row) => row.textContent?.includes('+49 30 23125 417'))).toBe(true);
    await fireEvent.click(screen.getByTestId('clear-filter'));
    await settle();
    await choose('log-queue', 'Orders');
    expect(rows().every((row) => row.textContent?.includes('Orders'))).toBe(true);
    await choose('log-agent', '102');
    await fireEvent.click(screen.getByTestId('clear-filter'));
    await fireEvent.input(screen.getByTestId('log-words'), { target: { value: 'manchego del' } });
    await settle();
    expect(rows().every((row) => row.textContent?.includes('Zoë'))).toBe(true);
    await choose('log-matched', 'false');
    await choose('log-result', 'complaint');
    expect(squeezed(screen.getByTestId('log-empty'))).toMatch(/No call fits/);
  });

  it('keeps a filter under a name, and shows the same calls when it is used later', async () => {
    await open('#/log');
    await fireEvent.change(screen.getByTestId('log-outcome'), { target: { value: 'busy' } });
    await settle();
    const busy = calls();
    await fireEvent.click(screen.getByTestId('name-filter'));
    await fireEvent.input(screen.getByTestId('filter-name'), { target: { value: 'Busy' } });
    await fireEvent.click(screen.getByTestId('keep-filter'));
    await settle();
    await fireEvent.click(screen.getByTestId('clear-filter'));
    await settle();
    expect(calls()).not.toEqual(busy);
    await fireEvent.click(screen.getByTestId('saved-filter'));
    await settle();
    expect(calls()).toEqual(busy);
    expect(screen.getByTestId('saved-filter').getAttribute('aria-pressed')).toBe('true');
  });

  it('leads back from a call to the calls that were there before', async () => {
    await open('#/log');
    await fireEvent.change(screen.getByTestId('log-outcome'), { target: { value: 'rejected' } });
    await settle();
    const before = calls();
    expect(logFilterOf(location.hash)).toMatchObject({ outcome: 'rejected' });
    location.hash = storyAddress(before[0]!);
    await vi.advanceTimersByTimeAsync(20);
    location.hash = screen.getByTestId('story-back').getAttribute('href')!;
    await vi.advanceTimersByTimeAsync(20);
    expect(calls()).toEqual(before);
  });

  it('copies the link to its filter, and shows it where the system does not let it be copied', async () => {
    const writeText = vi.fn(async (_text: string) => undefined);
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
    await open(logAddress({ outcome: 'missed', words: 'two cases' }));
    await fireEvent.click(screen.getByTestId('copy-link'));
    await settle();
    const link = 'ringside://log/outcome=missed;words=two%20cases';
    expect(writeText).toHaveBeenCalledWith(link);
    expect(screen.getByTestId('link-copied').textContent).toMatch(/copied/);
    writeText.mockRejectedValue(new Error('denied'));
    await fireEvent.click(screen.getByTestId('copy-link'));
    await settle();
    expect(screen.getByTestId<HTMLInputElement>('link-text').value).toBe(link);
  });

  it('opens with the filter of a link that somebody followed', async () => {
    let hear: Parameters<Backend['onLink']>[0] = () => undefined;
    await open('#/today', { onLink: async (ear) => ((hear = ear), () => undefined) });
    hear({ kind: 'log', filter: { ...EVERYTHING, outcome: 'busy' } });
    await vi.advanceTimersByTimeAsync(20);
    expect(screen.getByTestId<HTMLSelectElement>('log-outcome').value).toBe('busy');
    expect(rows().every((row) => row.textContent?.includes('Busy'))).toBe(true);
    hear({ kind: 'log', filter: { ...EVERYTHING, outcome: 'rejected' } });
    await vi.advanceTimersByTimeAsync(20);
    expect(screen.getByTestId<HTMLSelectElement>('log-outcome').value).toBe('rejected');
  });

  it('says why it could not be read, and what a late answer to an earlier filter says counts for nothing', async () => {
    await open('#/log', { logRows: async () => Promise.reject({ code: 'journal', message: 'the disk is broken' }) });
    expect(screen.getByTestId('problem').textContent).toMatch(/the disk is broken/);
    const waiting: (() => void)[] = [];
    const { backend } = journal();
    const late = new Log({ ...stage(stateNamed('idle', NOW)!).backend, ...backend, logRows: (filter, before, limit) => new Promise((done) => waiting.push(() => void backend.logRows!(filter, before, limit).then(done))) });
    void late.take({ outcome: 'missed' });
    void late.take({ outcome: 'busy' });
    await settle();
    waiting.reverse().forEach((answer) => answer());
    await settle();
    expect(late.rows.every(({ row }) => row.outcome === 'busy')).toBe(true);
  });
});

describe('the story of a call', () => {
  it('tells a transfer from its arrival to its end, with who passed it to whom and for how long each talked', async () => {
    await open(storyAddress('log-0-0'));
    const told = screen.getAllByTestId('story-entry').map((entry) => squeezed(entry.querySelector('.words')));
    const order = ['A call from', 'Several customers share', 'The call waits in Sales line', '101 rings', '101 answers', 'Anaïs Lefèvre was chosen', 'The call is on hold', '101 passes the call to 102 after speaking', '102 answers', 'The call ends'];
    const places = order.map((start) => told.findIndex((line) => line?.startsWith(start)));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(places).not.toContain(-1);
    expect(told.find((line) => line?.startsWith('101 answers'))).toMatch(/1:32/);
    expect(screen.getByTestId('story-why').getAttribute('href')).toBe('#/why/log-0-0');
  });

  it('shows what stands beside what the number said, and what the note said before', async () => {
    await open(storyAddress('log-0-0'));
    const said = screen.getAllByTestId('story-entry').find((entry) => entry.dataset.kind === 'said');
    expect(squeezed(said)).toMatch(/Anaïs Lefèvre was chosen as the caller · Line 101.*Before: nobody/);
    expect(screen.queryByTestId('earlier-text')).toBeNull();
    await fireEvent.click(screen.getByTestId('earlier-texts'));
    expect(squeezed(screen.getByTestId('earlier-text'))).toMatch(/Two cases short on 10470/);
  });

  it('says of an older call that its story was put together, and leads to the other call of a transfer', async () => {
    const { backend } = journal();
    await open(storyAddress('log-0-0'), {
      story: async (call) => ({ ...(await backend.story!(call)), told: false, others: [{ call: 'log-5-0', goes_on: true, by: '101', to: '102' }] }),
    });
    expect(screen.getByTestId('put-together').textContent).toMatch(/older version/);
    const other = within(screen.getByTestId('other-call')).getByRole('link');
    expect(other.getAttribute('href')).toBe(storyAddress('log-5-0'));
  });

  it('takes a comment and a mark, and shows them only once they are kept', async () => {
    let keep = () => {};
    const { backend } = journal();
    await open(storyAddress('log-1-0'), { commentCall: (call, text) => new Promise((done) => (keep = () => void backend.commentCall!(call, text).then(done))) });
    await fireEvent.input(screen.getByTestId('review-text'), { target: { value: 'Well done' } });
    await fireEvent.click(screen.getByTestId('review-say'));
    await settle();
    expect(screen.queryByTestId('call-comment')).toBeNull();
    keep();
    await settle();
    expect(squeezed(screen.getByTestId('call-comment'))).toMatch(/Lucía Ferrer.*Well done/);
    expect(screen.getByTestId<HTMLTextAreaElement>('review-text').value).toBe('');
    await fireEvent.click(screen.getByTestId('mark-coaching'));
    await settle();
    expect(screen.getByTestId('mark-coaching').getAttribute('aria-pressed')).toBe('true');
    expect(squeezed(screen.getByTestId('mark-said'))).toMatch(/For coaching · Lucía Ferrer/);
  });

  it('keeps what was typed where it could not be kept, and says why', async () => {
    await open(storyAddress('log-1-0'), { commentCall: async () => Promise.reject({ code: 'journal', message: 'the disk is full' }) });
    await fireEvent.input(screen.getByTestId('review-text'), { target: { value: 'Well done' } });
    await fireEvent.click(screen.getByTestId('review-say'));
    await settle();
    expect(screen.getByTestId('review-problem').textContent).toBe('the disk is full');
    expect(screen.getByTestId<HTMLTextAreaElement>('review-text').value).toBe('Well done');
  });

  it('says of a call that is gone that it is', async () => {
    await open(storyAddress('gone'), { story: async () => Promise.reject({ code: 'no_such_call', message: 'this call is not in the log' }) });
    expect(screen.getByTestId('problem').textContent).toMatch(/this call is not in the log/);
  });
});
