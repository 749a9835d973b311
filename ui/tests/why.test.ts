import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { demoHealth } from '../demo/health';
import { demoLog } from '../demo/log';
import { stateNamed } from '../demo/states';
import { whyNot, whyOf } from '../demo/why';
import Desk from '../desk/Desk.svelte';
import { pageOf, tracedCall, whyAddress } from '../desk/pages';
import { answerLine, decisionLine, duration } from '../desk/why-words';
import type { AnswerView } from '../generated/AnswerView';
import type { DecisionKind } from '../generated/DecisionKind';
import { chooseLanguage } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T18:00:00Z');
const LOG = demoLog(NOW);
const POPPED = whyOf(LOG[0]!);
const text = (id: string) => screen.getByTestId(id).textContent?.replace(/\s+/g, ' ').trim();
const settle = () => vi.advanceTimersByTimeAsync(0);

async function open(hash: string, more: Partial<Backend>) {
  location.hash = hash;
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
  vi.useRealTimers();
});

describe('the trace of a call', () => {
  it('is reached from the row of the call, whatever the call is named', async () => {
    const odd = "asterisk:1795305759.59/a b#?é%'\"<x>";
    const asked: string[] = [];
    await open('#/calls', { callLog: async () => [{ ...LOG[0]!, call: odd }], why: async (call) => (asked.push(call), { ...POPPED, call }) });
    await fireEvent.click(screen.getByTestId('call-row'));
    const link = screen.getByTestId('call-why');
    expect(tracedCall(link.getAttribute('href')!)).toBe(odd);
    location.hash = link.getAttribute('href')!;
    await settle();
    await settle();
    expect(asked).toEqual([odd]);
    expect(text('why-about')).toContain(odd);
  });

  it('says first why, then every step with what was heard, found, decided and how long it took', async () => {
    await open(whyAddress('log-0'), { why: async () => POPPED });
    expect(text('why-answer')).toBe('It popped at 101, 316 µs after it was heard. One customer has the number.');
    for (const part of ['101 rings', 'Both numbers carry the country code', '1 customer has it', '101: shown', '187 µs', 'DestUniqueid']) expect(text('why-stages')).toContain(part);
    expect(screen.queryAllByTestId('why-step')).toEqual([]);
    await fireEvent.click(screen.getByTestId('why-all'));
    expect(screen.getAllByTestId('why-step')).toHaveLength(4);
  });

  it('says what was not suggested and which guard kept it, in each language', async () => {
    const said = { en: 'Tea pot: there is none left Guards that are off, because nothing is known for them: wish for no advertising', es: 'Tea pot: no quedan existencias Filtros desactivados, porque no hay datos para ellos: deseo de no recibir publicidad', hr: 'Tea pot: nema na zalihi Isključene zaštite, jer za njih nema podataka: želja da nema oglasa' } as const;
    const looked = { ...POPPED.steps[2]!.looked!, silenced: [{ name: 'Tea pot', guard: 'stock' as const }], guards_off: ['opted_out' as const] };
    for (const language of ['en', 'es', 'hr'] as const) {
      chooseLanguage(language, '');
      await open(whyAddress('log-0'), { why: async () => ({ ...POPPED, steps: [{ ...POPPED.steps[2]!, looked }] }) });
      expect(text('why-silenced')).toBe(said[language]);
      cleanup();
    }
    await open(whyAddress('log-0'), { why: async () => ({ ...POPPED, steps: [{ ...POPPED.steps[2]!, looked: { ...looked, silenced: [], guards_off: [] } }] }) });
    expect(screen.queryByTestId('why-silenced')).toBeNull();
  });

  it('says what to mend first when nothing was heard, with the phone system’s own words', async () => {
    await open(whyAddress('nobody'), { why: async () => whyNot('2026-11-24T16:00:00Z') });
    expect(text('why-answer')).toMatch(/asterisk was not connected since .* Mend that first\./);
    expect(document.body.textContent).toContain('Connection reset by peer');
    expect(screen.queryByTestId('why-stages')).toBeNull();
  });

  it('shows what came from outside as text, never as a page', async () => {
    const first = POPPED.steps[2];
    const raw = '<img src=x onerror=alert(1)>\nEvent: DialBegin';
    await open(whyAddress('log-0'), { why: async () => ({ ...POPPED, steps: [{ ...first!, raw }] }) });
    expect(screen.getByTestId('why-raw').textContent).toBe(raw);
    expect(document.querySelector('img')).toBeNull();
  });

  it('says why it cannot be said and asks again', async () => {
    let broken = true;
    await open(whyAddress('log-0'), { why: async () => (broken ? Promise.reject({ code: 'traces', message: 'the traces are locked' }) : POPPED) });
    expect(text('problem')).toContain('the traces are locked');
    broken = false;
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await settle();
    expect(text('why-answer')).toContain('It popped');
  });

  it('keeps nothing on the screen of a withheld caller but that it is withheld', async () => {
    const withheld = LOG.find((row) => row.number === null)!;
    await open(whyAddress(withheld.call), { why: async () => whyOf(withheld) });
    expect(screen.queryAllByTestId('why-raw')).toEqual([]);
    expect(screen.getAllByText('not kept, because the caller withheld the number').length).toBeGreaterThan(0);
  });
});

describe('the words of a trace', () => {
  const ANSWERS: AnswerView[] = [
    { code: 'popped', line: '101', verdict: 'several', unreadable: null, took_us: null },
    { code: 'popped', line: '101', verdict: 'unknown', unreadable: 'too_short', took_us: 12_345 },
    { code: 'beside', line: '101' }, { code: 'waited', line: '101' }, { code: 'no_lines' }, { code: 'not_mine', dialled: [], mine: ['101'] },
    { code: 'not_rung', line: '101', cause: null }, { code: 'not_rung', line: '101', cause: 'busy' }, { code: 'over_before', line: '101' },
    { code: 'not_traced', rang: ['102'], mine: ['101'] }, { code: 'not_running', since: '2026-11-24T16:00:00Z' },
    { code: 'feed_down', feed: 'pbx', health: 'refused', since: '2026-11-24T16:00:00Z', detail: null },
    { code: 'not_heard', feeds: ['pbx'] }, { code: 'nothing_traced' },
  ];
  const KINDS: DecisionKind[] = ['shown', 'beside', 'waits', 'wrap_up', 'other_line', 'no_lines', 'not_mine', 'not_ringing', 'not_rung', 'answered_elsewhere', 'missed', 'rejected', 'stopped_ringing', 'joined', 'over_before', 'closed'];

  it.each(['en', 'es', 'hr'])('fill every gap in %s', (language) => {
    chooseLanguage(language, '');
    const said = ANSWERS.map((answer) => answerLine(answer, NOW).text).concat(KINDS.map((why) => decisionLine({ line: '101', shown: false, why, by: 'busy' })));
    expect(said.filter((sentence) => /[{}]|undefined|null/.test(sentence) || sentence.trim() === '')).toEqual([]);
    expect(new Set(said).size).toBe(said.length);
  });

  it('write short times in microseconds and long ones in milliseconds', () => {
    expect([duration(0), duration(9_999), duration(12_345)]).toEqual(['0 µs', '9,999 µs', '12 ms']);
  });

  it('take an address that is none for the first page', () => {
    expect([pageOf('#/why/'), pageOf('#/why/%E0%A4%A'), pageOf('#/why/a%2Fb'), tracedCall('#/why/a%2Fb')]).toEqual(['today', 'today', 'why', 'a/b']);
  });
});

describe('the health of the numbers', () => {
  const REPORT = demoHealth(NOW);

  it('lists what is wrong, whose it is, and what to do', async () => {
    await open('#/numbers', { numberHealth: async () => REPORT });
    expect(text('numbers-size')).toBe('1,284 customers, 1,732 numbers');
    expect(text('numbers-unreadable')).toMatch(/Cannot be read 3.*Correct them in the source.*4\.93012E\+11.*rounded by a spreadsheet/);
    expect(text('numbers-shared')).toMatch(/5 customers or more.*and 8 more.*14 customers/);
    expect(text('numbers-recycled')).toMatch(/last .*2022.*last /);
    expect(screen.getAllByTestId('finding')).toHaveLength(REPORT.findings.length);
  });

  it('says where the CSV is once it is written', async () => {
    const { asked } = await open('#/numbers', { numberHealth: async () => REPORT });
    await fireEvent.click(screen.getByTestId('numbers-export'));
    await settle();
    expect([asked.filter(([what]) => what === 'exportNumberHealth').length, text('numbers-said')]).toEqual([1, 'Every finding is in /tmp/numbers.csv']);
  });

  it('says so when there is nothing to say', async () => {
    const none = { ...REPORT, unreadable: 0, shared: 0, own: 0, recycled: 0, findings: [] };
    await open('#/numbers', { numberHealth: async () => none });
    expect(text('numbers-healthy')).toContain('Every number can be read');
    expect((screen.getByTestId('numbers-export') as HTMLButtonElement).disabled).toBe(true);
    cleanup();
    await open('#/numbers', { numberHealth: async () => ({ ...none, customers: 0, numbers: 0 }) });
    expect(text('numbers-none')).toContain('no customers yet');
  });

  it('says why it cannot be read', async () => {
    await open('#/numbers', {});
    expect(text('problem')).toContain('the customer cache is damaged');
  });
});
