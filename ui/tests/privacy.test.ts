/* A request of one person about their data: a file with everything, and what is asked and said before they are erased. */
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { demoCustomer } from '../demo/customer';
import { PEOPLE } from '../demo/people';
import { demoKnown } from '../demo/privacy';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import { customerAddress } from '../desk/pages';
import type { Role } from '../generated/Role';
import type { StartNotice } from '../generated/StartNotice';
import { chooseLanguage } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const PAGE = demoCustomer(PEOPLE.jurgen, NOW);
const soon = () => vi.advanceTimersByTimeAsync(0);
const squeezed = (id: string) => screen.getByTestId(id).textContent?.replace(/\s+/g, ' ').trim();
const button = (id: string) => screen.getByTestId(id) as HTMLButtonElement;
const refused = (key: string) => Promise.reject({ code: 'refused', said: [{ key, params: {} }], message: '' });

async function open(more: Partial<Backend> = {}) {
  location.hash = customerAddress('CRM/1118');
  const on = stage(stateNamed('idle', NOW)!, { customerPage: async () => PAGE, knownOf: async () => demoKnown(PEOPLE.jurgen), ...more });
  render(Desk, { backend: on.backend });
  await soon();
  return on;
}

async function click(id: string) {
  await fireEvent.click(screen.getByTestId(id));
  await soon();
}

async function type(text: string) {
  await fireEvent.input(screen.getByTestId('erase-name'), { target: { value: text } });
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  location.hash = '';
});

describe('giving out everything known of a person', () => {
  it('says where the file is and how many rows are in it', async () => {
    const giveOut = vi.fn(async () => ({ path: '/home/ana/crm-17.json', rows: 1204 }));
    await open({ giveOut });
    await click('privacy');
    await click('give-out');
    expect(giveOut.mock.calls).toEqual([['CRM/1118', 'Save everything known of this person', 'JSON document']]);
    expect(squeezed('given-out')).toBe('1,204 rows are in /home/ana/crm-17.json');
  });

  it('says nothing where the dialog was left, and why where it failed', async () => {
    let answer = async (): Promise<null> => null;
    await open({ giveOut: () => answer() });
    await click('privacy');
    await click('give-out');
    expect([screen.queryByTestId('given-out'), screen.queryByTestId('privacy-problem')]).toEqual([null, null]);
    answer = () => Promise.reject({ code: 'not_written', said: [{ key: 'refused.our_file', params: { path: '/home/ana/journal.db' } }], message: '' });
    await click('give-out');
    expect(squeezed('privacy-problem')).toBe('/home/ana/journal.db is a file of Ringside itself; choose another name');
    expect(button('give-out').disabled).toBe(false);
  });
});

describe('erasing a person', () => {
  it('shows first what goes, what stays and why, and what is shared', async () => {
    await open();
    await click('privacy');
    expect(screen.queryByTestId('erase-form')).toBeNull();
    await click('look-before');
    expect([squeezed('known-notes'), squeezed('known-calls')]).toEqual(['9', '34']);
    expect(squeezed('shared-number')).toContain('+49 30 23125 100 is also a number of CRM/1120');
    expect(squeezed('other-files')).toContain('customers.csv');
    expect(squeezed('erase-form')).toMatch(/CRM\/1118, shop\/9001.*Goes.*Stays, without who it was.*pseudonym.*backups made before.*starts again/);
  });

  it('asks for the name and begins nothing without it', async () => {
    const { asked } = await open();
    await click('privacy');
    await click('look-before');
    for (const wrong of ['', 'Jürgen', 'jürgen strauß', 'Ulrike']) {
      await type(wrong);
      expect(button('erase-do').disabled).toBe(true);
      await fireEvent.submit(screen.getByTestId('erase-form'));
      await soon();
    }
    expect(asked.filter(([what]) => what === 'erasePerson')).toEqual([]);
    await type(' Jürgen Strauß ');
    expect(button('erase-do').disabled).toBe(false);
  });

  it('says that it is written down and that Ringside starts again, and can be asked for once', async () => {
    const { asked } = await open();
    await click('privacy');
    await click('look-before');
    await type('Jürgen Strauß');
    await fireEvent.submit(screen.getByTestId('erase-form'));
    await soon();
    expect(squeezed('erase-begun')).toContain('starts again');
    await fireEvent.submit(screen.getByTestId('erase-form'));
    await soon();
    expect(asked.filter(([what]) => what === 'erasePerson')).toEqual([['erasePerson', 'CRM/1118', 'Jürgen Strauß']]);
    expect(['give-out', 'look-before', 'erase-do'].map((id) => button(id).disabled)).toEqual([true, true, true]);
  });

  it.each([['refused.on_a_call', 'a call with them is not over'], ['refused.cache_taken', 'a source is being read'], ['refused.only_supervisor', 'only a supervisor']])('says why it is refused, and keeps the name that was typed: %s', async (key, words) => {
    await open({ erasePerson: () => refused(key) });
    await click('privacy');
    await click('look-before');
    await type('Jürgen Strauß');
    await fireEvent.submit(screen.getByTestId('erase-form'));
    await soon();
    expect(squeezed('privacy-problem')).toContain(words);
    expect((screen.getByTestId('erase-name') as HTMLInputElement).value).toBe('Jürgen Strauß');
    expect(button('erase-do').disabled).toBe(false);
  });

  it('never goes on with somebody else when the page turns', async () => {
    const { asked } = await open();
    await click('privacy');
    await click('look-before');
    await type('Jürgen Strauß');
    location.hash = customerAddress('CRM/9');
    await fireEvent(window, new Event('hashchange'));
    await soon();
    expect(screen.queryByTestId('erase-form')).toBeNull();
    expect(asked.filter(([what]) => what === 'erasePerson')).toEqual([]);
  });

  it('is used with the keyboard and says what each part is', { timeout: 60_000 }, async () => {
    vi.useRealTimers();
    location.hash = customerAddress('CRM/1118');
    document.documentElement.lang = 'en';
    const { backend } = stage(stateNamed('idle', NOW)!, { customerPage: async () => PAGE, knownOf: async () => demoKnown(PEOPLE.jurgen), giveOut: async () => ({ path: '/home/ana/x.json', rows: 1 }) });
    render(Desk, { backend });
    const settled = () => new Promise((done) => setTimeout(done, 30));
    await settled();
    for (const id of ['privacy', 'give-out', 'look-before']) {
      await fireEvent.click(screen.getByTestId(id));
      await settled();
    }
    const rules = { 'color-contrast': { enabled: false }, 'label-content-name-mismatch': { enabled: false } };
    const { violations } = await axe.run(screen.getByTestId('privacy-of'), { rules, resultTypes: ['violations'] });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
    expect(squeezed('given-out')).toBe('1 row is in /home/ana/x.json');
  });
});

describe('who may', () => {
  it.each<[Role, boolean]>([['agent', false], ['supervisor', true], ['admin', true]])('%s', async (role, may) => {
    const people = [{ name: 'Ana', role: 'admin' as const }, { name: 'Petr', role }];
    await open({ session: async () => ({ people, signed_in: { name: 'Petr', role }, locked: false, lock_minutes: 10 }) });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Jürgen Strauß');
    expect(screen.queryByTestId('privacy') !== null).toBe(may);
  });
});

describe('after Ringside started again', () => {
  const erased: StartNotice = { kind: 'erased', pseudonym: 'erased-3f09aa417c21', gone: 1136, stay: 44, finished: true, files: ['/home/ana/customers.csv'] };

  it('says what was done until it is closed', async () => {
    let notices = [erased];
    await open({ notices: async () => notices, closeNotice: async () => void (notices = []) });
    expect(squeezed('notice-erased')).toMatch(/A person was erased.*1,136.*44.*erased-3f09aa417c21.*backups.*customers\.csv/);
    expect(squeezed('notice-erased')).not.toContain('another command');
    await fireEvent.click(screen.getByTestId('notice-erased').querySelector('button')!);
    await soon();
    expect(screen.queryByTestId('notice-erased')).toBeNull();
  });

  it('says what is not done yet, and why', async () => {
    const waits: StartNotice = { kind: 'not_erased', said: [{ key: 'refused.not_finished', params: { why: 'an import is writing' } }] };
    await open({ notices: async () => [{ ...erased, finished: false }, waits] });
    expect(squeezed('notice-erased')).toContain('another command still reads the files');
    expect(squeezed('notice-not_erased')).toMatch(/could not be finished.*an import is writing; the next start/);
  });
});
