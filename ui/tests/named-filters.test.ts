/* Filters with a name, as every list has them: kept, used and dropped, and what is refused stays to be tried again. */
import { cleanup, fireEvent, screen } from '@testing-library/svelte';
import { render } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import { chooseLanguage } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T18:00:00Z');
const settle = () => vi.advanceTimersByTimeAsync(1);

/** A journal of filters; a name without letters is refused. */
function filters(): Partial<Backend> & { kept: () => string[] } {
  let saved: { page: string; name: string; filter: string }[] = [];
  return {
    kept: () => saved.map(({ page, name }) => `${page}: ${name}`),
    filters: async (page) => saved.filter((one) => one.page === page).map(({ name, filter }) => ({ name, filter })),
    keepFilter: async (page, name, filter) => {
      if (name.trim() === '') throw { code: 'no_filter_name', said: [{ key: 'refused.no_filter_name', params: {} }], message: '' };
      saved = [...saved.filter((one) => one.page !== page || one.name !== name), ...(filter === null ? [] : [{ page, name, filter }])];
    },
  };
}

async function open(address: string, more: Partial<Backend>) {
  location.hash = address;
  render(Desk, { backend: stage(stateNamed('idle', NOW)!, more).backend });
  await settle();
}

const names = () => screen.queryAllByTestId('saved-filter').map(({ textContent }) => textContent);

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  location.hash = '';
  vi.useRealTimers();
});

describe.each([
  ['#/log', 'log', 'log-outcome', 'busy'],
  ['#/tickets', 'tickets', 'ticket-state', 'closed'],
])('the filters of %s', (address, list, field, value) => {
  it('are kept under a name, stay to be named again when that is refused, and are dropped', async () => {
    const { kept, ...backend } = filters();
    await open(address, backend);
    expect(screen.queryByTestId('name-filter')).toBeNull();
    await fireEvent.change(screen.getByTestId(field), { target: { value } });
    await settle();
    await fireEvent.click(screen.getByTestId('name-filter'));
    expect(document.activeElement).toBe(screen.getByTestId('filter-name'));
    await fireEvent.input(screen.getByTestId('filter-name'), { target: { value: ' ' } });
    await fireEvent.click(screen.getByTestId('keep-filter'));
    await settle();
    expect([screen.getByTestId('refused').textContent, names()]).toEqual([expect.stringContaining('give the filter a name first'), []]);
    await fireEvent.input(screen.getByTestId('filter-name'), { target: { value: 'Mine' } });
    await fireEvent.click(screen.getByTestId('keep-filter'));
    await settle();
    expect([kept(), names(), screen.queryByTestId('refused'), screen.queryByTestId('name-filter')]).toEqual([[`${list}: Mine`], ['Mine'], null, null]);
    await fireEvent.click(screen.getByTestId('clear-filter'));
    await settle();
    expect(screen.getByTestId('saved-filter').getAttribute('aria-pressed')).toBe('false');
    await fireEvent.click(screen.getByTestId('saved-filter'));
    await settle();
    expect([screen.getByTestId<HTMLSelectElement>(field).value, screen.getByTestId('saved-filter').getAttribute('aria-pressed')]).toEqual([value, 'true']);
    await fireEvent.click(screen.getByRole('button', { name: 'Forget the filter Mine' }));
    await settle();
    expect([kept(), names()]).toEqual([[], []]);
    expect(screen.getByTestId('name-filter')).toBeTruthy();
  });
});
