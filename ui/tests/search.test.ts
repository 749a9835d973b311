import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { fakeBackend } from '../backend.fake';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import type { FoundView } from '../generated/FoundView';
import { chooseLanguage } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const settle = () => vi.advanceTimersByTimeAsync(0);
const found = () => screen.queryAllByTestId('found').map((hit) => hit.textContent?.trim().replace(/\s+/g, ' '));
const input = () => screen.getByTestId('search-input') as HTMLInputElement;

async function open(more: Partial<Backend> = {}) {
  location.hash = '#/tickets';
  const shop = fakeBackend('idle');
  const on = stage(stateNamed('idle', NOW)!, { searchAll: shop.searchAll, ...more });
  render(Desk, { backend: on.backend });
  await settle();
  await fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
  return on;
}

async function type(text: string) {
  await fireEvent.input(input(), { target: { value: text } });
  await settle();
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('the search over everything', () => {
  it('finds customers, tickets, notes and products by the beginnings of words', async () => {
    await open();
    await type('sal');
    expect(screen.getAllByTestId('found-product')[0]?.textContent).toContain('Sea salt flakes');
    expect(found()[0]).toContain('Which certificate comes with the salt?');
    await type('strau');
    expect(found()[0]).toContain('Jürgen Strauß');
  });

  it('goes by arrows through every kind and opens what is chosen', async () => {
    await open();
    await type('an');
    const all = found().length;
    for (let i = 0; i < all + 3; i += 1) await fireEvent.keyDown(input(), { key: 'ArrowDown' });
    expect(screen.getAllByTestId('found').findIndex((hit) => hit.getAttribute('aria-selected') === 'true')).toBe(all - 1);
    for (let i = 0; i < all; i += 1) await fireEvent.keyDown(input(), { key: 'ArrowUp' });
    await fireEvent.keyDown(input(), { key: 'Enter' });
    await settle();
    expect(location.hash).toMatch(/^#\/customer\//);
    expect(screen.queryByTestId('search')).toBeNull();
  });

  it('opens a ticket by its number', async () => {
    await open();
    await type('322');
    await fireEvent.keyDown(input(), { key: 'Enter' });
    expect(location.hash).toBe('#/tickets/322');
  });

  it('closes on Escape and gives the keyboard back', async () => {
    await open();
    cleanup();
    location.hash = '#/tickets';
    const on = stage(stateNamed('idle', NOW)!);
    render(Desk, { backend: on.backend });
    await settle();
    const button = screen.getByTestId('open-search');
    button.focus();
    await fireEvent.click(button);
    expect(document.activeElement).toBe(input());
    await fireEvent.keyDown(input(), { key: 'Escape' });
    await settle();
    expect([screen.queryByTestId('search'), document.activeElement]).toEqual([null, button]);
  });

  it('says that nothing fits, and why nothing can be found', async () => {
    await open();
    await type('zzz');
    expect(screen.getByText('Nothing fits “zzz”.')).toBeTruthy();
    cleanup();
    await open({ searchAll: async () => Promise.reject({ code: 'directory', message: 'the cache is damaged' }) });
    await type('a');
    expect(screen.getByTestId('search-problem').textContent).toContain('the cache is damaged');
  });

  it('drops an answer that comes late', async () => {
    const answers: ((found: FoundView) => void)[] = [];
    await open({ searchAll: () => new Promise((done) => answers.push(done)) });
    await fireEvent.input(input(), { target: { value: 'a' } });
    await fireEvent.input(input(), { target: { value: 'an' } });
    const one = (name: string): FoundView => ({ customers: [{ customer: { reference: name, name, company: null, city: null, country: null }, by: 'name', text: name }], tickets: [], notes: [], products: [] });
    answers[1]?.(one('second'));
    answers[0]?.(one('first'));
    await settle();
    expect(found()[0]).toContain('second');
  });
});
