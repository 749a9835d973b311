/* Several people at one desk: signing in, pages that are not theirs, locking, and the page of who shares it. */
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { fakeBackend } from '../backend.fake';
import { sessionDemo } from '../demo/session';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import { leastOf, PAGES } from '../desk/pages';
import type { UserRequest } from '../generated/UserRequest';
import { chooseLanguage, type Language } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const ANA: [UserRequest, string] = [{ name: 'Ana', role: 'admin', extensions: [] }, '4711'];
const TEA: [UserRequest, string] = [{ name: 'Tea', role: 'agent', extensions: ['102'] }, '4712'];
const PETR: [UserRequest, string] = [{ name: 'Petr', role: 'supervisor', extensions: ['103'] }, '4713'];
const squeezed = (one: Element | null) => one?.textContent?.replace(/\s+/g, ' ').trim();
const soon = () => vi.advanceTimersByTimeAsync(0);

async function open(people: [UserRequest, string][], hash = '') {
  location.hash = hash;
  const demo = sessionDemo(people);
  const more: Partial<Backend> = {
    session: async () => demo.view(), signIn: async (name, pin) => demo.signIn(name, pin), signOut: async () => demo.signOut(), lockDesk: async () => demo.lock(), users: async () => demo.users(),
    addUser: async (user, pin) => demo.add(user, pin), changeUser: async (id, user) => demo.change(id, user), setPin: async (id, pin) => demo.setPin(id, pin), removeUser: async (id) => demo.remove(id),
  };
  const on = stage(stateNamed('idle', NOW)!, more);
  render(Desk, { backend: on.backend });
  await soon();
  return { ...on, demo };
}

async function signIn(name: string, pin: string) {
  await fireEvent.click(screen.getAllByTestId('sign-in-as').find((one) => (one as HTMLInputElement).value === name)!);
  await fireEvent.input(screen.getByTestId('pin'), { target: { value: pin } });
  await fireEvent.submit(screen.getByTestId('sign-in'));
  await soon();
}

async function turn(hash: string) {
  location.hash = hash;
  await fireEvent(window, new HashChangeEvent('hashchange'));
  await soon();
}

const shown = () => screen.queryAllByTestId(/^nav-/).map(({ dataset }) => dataset.testid!.slice(4));

beforeEach(() => {
  chooseLanguage('en', '');
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  location.hash = '';
});

describe('a desk of one person', () => {
  it('asks for no PIN and has every page', async () => {
    await open([]);
    expect(screen.queryByTestId('sign-in')).toBeNull();
    expect(screen.queryByTestId('who-sits')).toBeNull();
    expect(shown()).toEqual(PAGES.map(({ page }) => page).filter((page) => page !== 'webhook'));
  });
});

describe('a shared desk', () => {
  it('has no page until somebody signs in with the PIN', async () => {
    await open([ANA, TEA]);
    expect(shown()).toEqual([]);
    expect(screen.queryByTestId('open-search')).toBeNull();
    await signIn('Tea', '0000');
    expect(squeezed(screen.getByTestId('sign-in-problem'))).toBe('that is not the PIN; try again');
    expect((screen.getByTestId('pin') as HTMLInputElement).value).toBe('');
    await signIn('Tea', '4712');
    expect(screen.queryByTestId('sign-in')).toBeNull();
    expect(squeezed(screen.getByTestId('who-sits'))).toContain('TeaAgent');
  });

  it('shows to each the pages that are theirs, and says who may open the others', async () => {
    await open([ANA, TEA, PETR]);
    await signIn('Tea', '4712');
    expect(shown()).toEqual(['today', 'calls', 'tickets', 'campaigns', 'connection']);
    for (const [hash, who] of [['#/board', 'only a supervisor'], ['#/reports', 'only a supervisor'], ['#/settings', 'only an admin'], ['#/users', 'only an admin'], ['#/sources', 'only an admin'], ['#/setup', 'only an admin']] as const) {
      await turn(hash);
      expect(squeezed(screen.getByTestId('not-allowed')), hash).toContain(who);
    }
    await fireEvent.click(screen.getByTestId('sign-out'));
    await soon();
    await signIn('Petr', '4713');
    expect(shown()).toContain('board');
    expect(shown()).not.toContain('settings');
  });

  it('says of every page who may open it', () => {
    expect(PAGES.map(({ page }) => [page, leastOf(page)]).filter(([, least]) => least !== 'agent')).toEqual([
      ['board', 'supervisor'], ['log', 'supervisor'], ['reports', 'supervisor'], ['audit', 'supervisor'], ['webhook', 'admin'], ['numbers', 'supervisor'], ['sources', 'admin'], ['advice', 'supervisor'], ['settings', 'admin'], ['users', 'admin'],
    ]);
    expect(leastOf('setup')).toBe('admin');
  });

  it('is changed over quickly, and stays whose it was where nobody else signs in', async () => {
    await open([ANA, TEA]);
    await signIn('Tea', '4712');
    await fireEvent.click(screen.getByTestId('switch'));
    await soon();
    expect(shown()).toEqual([]);
    await fireEvent.click(screen.getByTestId('sign-in-back'));
    await soon();
    expect(squeezed(screen.getByTestId('who-sits'))).toContain('Tea');
    await fireEvent.click(screen.getByTestId('switch'));
    await soon();
    await signIn('Ana', '4711');
    expect(squeezed(screen.getByTestId('who-sits'))).toContain('AnaAdmin');
  });

  it('locks when nobody does anything for as long as the settings say', async () => {
    await open([ANA, TEA]);
    await signIn('Tea', '4712');
    await vi.advanceTimersByTimeAsync(9 * 60_000);
    await fireEvent.keyDown(window, { key: 'Shift' });
    await vi.advanceTimersByTimeAsync(9 * 60_000);
    expect(screen.queryByTestId('sign-in')).toBeNull();
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    expect(screen.getByRole('heading', { name: 'Locked' })).toBeTruthy();
    expect(screen.getAllByTestId<HTMLInputElement>('sign-in-as').find(({ checked }) => checked)?.value).toBe('Tea');
  });

  it('does not lock while somebody types in the panel, and does once they have gone from there too', async () => {
    const { atTheDesk } = await open([ANA, TEA]);
    await signIn('Tea', '4712');
    for (let minute = 0; minute < 30; minute += 5) {
      await vi.advanceTimersByTimeAsync(5 * 60_000);
      atTheDesk();
    }
    expect(screen.queryByTestId('sign-in')).toBeNull();
    await vi.advanceTimersByTimeAsync(11 * 60_000);
    expect(screen.getByRole('heading', { name: 'Locked' })).toBeTruthy();
    atTheDesk();
    await soon();
    expect(screen.getByRole('heading', { name: 'Locked' })).toBeTruthy();
  });

  it('takes a pointer that rests where the window came up for nobody', async () => {
    await open([ANA, TEA]);
    await signIn('Tea', '4712');
    await vi.advanceTimersByTimeAsync(9 * 60_000);
    await fireEvent(window, new MouseEvent('pointermove', { screenX: 300, screenY: 200 }));
    await fireEvent(window, new MouseEvent('pointermove', { screenX: 300, screenY: 200 }));
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    expect(screen.getByRole('heading', { name: 'Locked' })).toBeTruthy();
  });

  it('says what to do about a forgotten PIN', async () => {
    await open([ANA]);
    await fireEvent.click(screen.getByTestId('forgot'));
    expect(squeezed(screen.getByTestId('forgot-how'))).toContain('ringside users reset');
    expect(squeezed(screen.getByTestId('forgot-how'))).toContain('recovery code');
  });
});

describe('who shares the desk', () => {
  async function write(name: string, pin: string, again = pin) {
    await fireEvent.click(screen.getByTestId('add-user'));
    await fireEvent.input(screen.getByTestId('user-name'), { target: { value: name } });
    await fireEvent.input(screen.getByTestId('user-extensions'), { target: { value: '101, 104' } });
    await fireEvent.input(screen.getByTestId('user-pin'), { target: { value: pin } });
    await fireEvent.input(screen.getByTestId('user-pin-again'), { target: { value: again } });
    await fireEvent.submit(screen.getByTestId('user-form'));
    await soon();
  }

  it('begins with an admin, who signs in then', async () => {
    const { demo } = await open([], '#/users');
    await fireEvent.click(screen.getByTestId('add-user'));
    expect((screen.getByTestId('user-role') as HTMLSelectElement).disabled).toBe(true);
    await write('Ana', '4711', '4712');
    expect([demo.users(), squeezed(screen.getByTestId('pins-differ'))]).toEqual([[], 'The two PINs are not the same.']);
    await write('Ana', '47');
    expect(squeezed(screen.getByTestId('problem'))).toContain('a PIN has 4 to 12 digits');
    await write('Ana', '4711');
    expect(demo.users()).toMatchObject([{ name: 'Ana', role: 'admin', extensions: ['101', '104'] }]);
    expect(screen.getByTestId('sign-in')).toBeTruthy();
  });

  it('is changed by an admin, and the last one cannot go', async () => {
    const { demo } = await open([ANA, TEA], '#/users');
    await signIn('Ana', '4711');
    const [ana, tea] = screen.getAllByTestId('user');
    expect([...ana!.querySelectorAll('th, td')].slice(0, 3).map(squeezed)).toEqual(['AAna you', 'Admin', 'those of the settings']);
    await fireEvent.click(within(ana!).getByTestId('remove-user'));
    expect(squeezed(within(ana!).getByTestId('remove-user'))).toBe('Remove for good');
    await fireEvent.click(within(ana!).getByTestId('remove-user'));
    await soon();
    expect(squeezed(screen.getByTestId('problem'))).toContain('this is the last admin');
    await fireEvent.click(within(tea!).getByTestId('change-user'));
    await fireEvent.change(screen.getByTestId('user-role'), { target: { value: 'supervisor' } });
    await fireEvent.submit(screen.getByTestId('user-form'));
    await soon();
    expect(demo.users()[1]).toMatchObject({ name: 'Tea', role: 'supervisor', extensions: ['102'] });
    expect(demo.signIn('Tea', '4712').signed_in?.name).toBe('Tea');
  });
});

describe.each(['en', 'es', 'hr'] as Language[])('the sign-in and the page of who shares the desk in %s', (language) => {
  it('have nothing that axe-core finds wrong', { timeout: 60_000 }, async () => {
    vi.useRealTimers();
    chooseLanguage(language, '');
    [document.documentElement.lang, document.title] = [language, 'Ringside'];
    location.hash = '#/users';
    render(Desk, { backend: fakeBackend('shared') });
    await screen.findByTestId('sign-in');
    const rules = { 'color-contrast': { enabled: false }, 'label-content-name-mismatch': { enabled: false } };
    const findings = async () => (await axe.run(document, { rules, resultTypes: ['violations'] })).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`);
    await fireEvent.click(screen.getByTestId('forgot'));
    expect(await findings()).toEqual([]);
    await fireEvent.click(screen.getAllByTestId('sign-in-as')[0]!);
    await fireEvent.input(screen.getByTestId('pin'), { target: { value: '4711' } });
    await fireEvent.submit(screen.getByTestId('sign-in'));
    await screen.findByTestId('users');
    await fireEvent.click(screen.getByTestId('add-user'));
    expect(await findings()).toEqual([]);
  });
});
