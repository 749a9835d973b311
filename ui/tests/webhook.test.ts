import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { bare, PEOPLE } from '../demo/people';
import { stateNamed } from '../demo/states';
import { trialOf } from '../demo/trial';
import Desk from '../desk/Desk.svelte';
import { eventLine } from '../desk/event-words';
import type { WebhookTrialView } from '../generated/WebhookTrialView';
import { chooseLanguage } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T18:00:00Z');
const REQUEST = 'POST /in/pbx/token HTTP/1.1\nContent-Type: application/json\n\n{"event":"newCall","from":"38521555014"}';
const RINGS = trialOf('pbx', REQUEST);
const text = (id: string) => screen.getByTestId(id).textContent?.replace(/\s+/g, ' ').trim();
const settle = () => vi.advanceTimersByTimeAsync(0);

async function open(feeds: string[], tryWebhook: Backend['tryWebhook'] = async () => RINGS) {
  location.hash = '#/webhook';
  const asked: [string, string][] = [];
  const on = stage(stateNamed('idle', NOW)!, { webhookFeeds: async () => feeds, tryWebhook: (feed, request) => (asked.push([feed, request]), tryWebhook(feed, request)) });
  render(Desk, { backend: on.backend });
  await settle();
  return asked;
}

async function check(request = REQUEST) {
  await fireEvent.input(screen.getByTestId('hook-text'), { target: { value: request } });
  await fireEvent.click(screen.getByTestId('hook-check'));
  await settle();
}

const shows = async (trial: Partial<WebhookTrialView>) => {
  await open(['pbx'], async () => ({ ...RINGS, ...trial }));
  await check();
};

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('the webhook test', () => {
  it('is not there without a webhook feed', async () => {
    await open([]);
    expect([screen.queryByTestId('nav-webhook'), screen.queryByTestId('hook-text')]).toEqual([null, null]);
    expect(screen.getByTestId('calls-empty')).toBeTruthy();
  });

  it('says who sent it, what it says and who would pop', async () => {
    const asked = await open(['pbx']);
    await check();
    expect(asked).toEqual([['pbx', REQUEST]]);
    expect([text('hook-proof'), text('hook-caller')]).toEqual([
      'The token is right; this format has no signature',
      'Božena Kovačić Konoba Kod Šime, Split +385 21 555 014 · Exact match',
    ]);
    const lines = [...screen.getByTestId('hook-events').querySelectorAll('li')].map((line) => line.textContent);
    expect(lines).toEqual(['A call from +38521555014 to +38521555000call c-1001', '101 is dialledcall c-1001', '101 ringscall c-1001']);
    expect([screen.queryByTestId('hook-not-mine'), screen.queryByTestId('hook-feed')]).toEqual([null, null]);
  });

  it('asks the feed that was chosen', async () => {
    const asked = await open(['pbx', 'cloud']);
    await fireEvent.change(screen.getByTestId('hook-feed'), { target: { value: 'cloud' } });
    await check('GET / HTTP/1.1');
    expect(asked).toEqual([['cloud', 'GET / HTTP/1.1']]);
  });

  it('says which check failed, and shows what the request says all the same', async () => {
    await shows({ proof: 'failed', proof_detail: [{ key: 'said.hook_signature', params: {} }] });
    expect(text('hook-proof')).toMatch(/^A check failed: it would be refused *The signature does not fit: compare `secret`/);
    expect(screen.getByTestId('hook-events').children).toHaveLength(3);
  });

  it('says that nobody is known, or that the number is withheld', async () => {
    const nobody = { ...bare(PEOPLE.bozena, ''), customer: null, grade: null, why: null, country: null };
    await shows({ caller: { ...nobody, verdict: 'unknown', number: '+49 30 1' }, mine: false });
    expect([text('hook-caller'), text('hook-not-mine')]).toEqual(['+49 30 1 Unknown caller', 'None of your extensions takes part in it, so the panel would stay away.']);
    cleanup();
    await shows({ caller: { ...nobody, verdict: 'withheld', number: null } });
    expect(text('hook-caller')).toBe('Number withheld There is nothing to look up');
  });

  it('shows text from outside as text, never as elements', async () => {
    const hostile = '<img src=x onerror="document.title=1"><b>x</b>';
    await shows({
      proof: 'failed', proof_detail: [{ key: 'said.quoted', params: { says: hostile } }], trouble: [{ key: 'said.hook_word', params: { field: hostile, word: hostile, allowed: [{ key: 'said.quoted', params: { says: hostile } }] } }],
      events: [{ call: hostile, what: { kind: 'began', direction: 'in', number: hostile, name: '{called}', called: hostile, origin: null } }],
      caller: { ...bare(PEOPLE.bozena, hostile), verdict: 'unknown', customer: null, grade: null, why: null },
    });
    for (const id of ['hook-proof', 'hook-trouble', 'hook-events', 'hook-caller']) expect(text(id)).toContain('<img src=x onerror=');
    expect(screen.getByRole('main').querySelector('img, b')).toBeNull();
  });

  it('says why it was not checked and keeps the request', async () => {
    await open(['pbx'], () => Promise.reject({ code: 'unusable_feed', message: 'the secret cannot be read' }));
    await check();
    expect([text('hook-problem'), screen.getByTestId<HTMLTextAreaElement>('hook-text').value]).toEqual(['Not checked: the secret cannot be read', REQUEST]);
  });

  it('takes away what was found when the request changes', async () => {
    await shows({});
    await fireEvent.input(screen.getByTestId('hook-text'), { target: { value: 'x' } });
    expect(screen.queryByTestId('hook-proof')).toBeNull();
  });
});

describe('an event', () => {
  it.each([
    [{ kind: 'began', direction: 'out', number: '+49301', name: 'Ada', called: null, origin: '101' }, 'A call out to Ada (+49301), begun at 101'],
    [{ kind: 'began', direction: 'in', number: null, name: null, called: null, origin: null }, 'A call from a withheld or missing number to somewhere'],
    [{ kind: 'transferred', how: 'blind', by: null, to: '102' }, 'Somebody passes the call to 102 without asking'],
    [{ kind: 'leg_ended', phone: '101', cause: 'answered_elsewhere' }, '101 is out of the call: answered elsewhere'],
    [{ kind: 'ended', cause: 'normal', by: 'caller' }, 'The call ends: hung up, by the caller'],
    [{ kind: 'unqueued', outcome: 'timed_out' }, 'Nobody takes the call in the queue in time'],
  ] as const)('is a sentence', (what, sentence) => {
    expect(eventLine(what)).toBe(sentence);
  });
});
