import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { demoCustomer } from '../demo/customer';
import { PEOPLE } from '../demo/people';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import { customerAddress, customerOf } from '../desk/pages';
import { chooseLanguage } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const PAGE = demoCustomer(PEOPLE.jurgen, NOW);
const settle = () => vi.advanceTimersByTimeAsync(0);

async function open(more: Partial<Backend> = {}, reference = 'CRM/1118') {
  location.hash = customerAddress(reference);
  const on = stage(stateNamed('idle', NOW)!, { customerPage: async () => PAGE, ...more });
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

describe("a customer's page", () => {
  it('has who they are, every number, the balance, the orders and what was said', async () => {
    await open();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Jürgen Strauß');
    expect(screen.getAllByTestId('number').map((one) => within(one).queryByTestId('dial') !== null)).toEqual([true, true, false]);
    expect(screen.getByTestId('balance').textContent).toContain('€2,418.60');
    expect(screen.getAllByTestId('order')).toHaveLength(8);
    expect(screen.getAllByTestId('event').map(({ dataset }) => dataset.kind)).toContain('contact');
  });

  it('shows the lines of an order, and the rest of the orders, when asked', async () => {
    await open();
    await fireEvent.click(within(screen.getAllByTestId('order')[0]!).getByRole('button'));
    expect(screen.getAllByTestId('order')[0]?.textContent).toMatch(/Olive oil, 5 l × 8€420\.00/);
    await fireEvent.click(screen.getByTestId('more-orders'));
    expect(screen.getAllByTestId('order')).toHaveLength(14);
  });

  it('reads orders and events on as one comes to them, an order that two pages share as one', async () => {
    const at = (n: number) => new Date(NOW - n * 60_000).toISOString();
    const order = (n: number) => ({ ...PAGE.orders.orders[0]!, number: `N${n}`, at: at(n) });
    const letter = (n: number) => ({ at: at(n), what: { kind: 'contact' as const, id: n, channel: 'letter' as const, way: 'in' as const, text: `letter ${n}`, line: '' } });
    const [orders, events] = [Array.from({ length: 90 }, (_, n) => order(n)), Array.from({ length: 90 }, (_, n) => letter(n))];
    const asked: unknown[] = [];
    const next = { at: at(39), given: 1 };
    await open({
      customerPage: async () => ({ ...PAGE, orders: { orders: orders.slice(0, 40), next }, history: { ...PAGE.history, timeline: events.slice(0, 40), next } }),
      history: async (_reference, behind) => (asked.push(['history', behind]), { ...PAGE.history, timeline: events.slice(40), next: null }),
      orders: async (_reference, behind, uncover) => (asked.push(['orders', behind, uncover]), { orders: orders.slice(39), next: null }),
    });
    expect([screen.getAllByTestId('order').length, screen.getAllByTestId('event').length, asked]).toEqual([8, 12, []]);
    expect(screen.getByTestId('more-orders').textContent).toBe('Show all');
    await fireEvent.click(screen.getByTestId('more-orders'));
    await fireEvent.click(screen.getByTestId('more-events'));
    await settle();
    expect(asked).toEqual([['orders', next, false], ['history', next]]);
    const body = document.querySelector<HTMLElement>('.pair')!.parentElement!;
    body.scrollTop = 9000;
    await fireEvent.scroll(body);
    await settle();
    expect(screen.getAllByTestId('order').length).toBeLessThan(60);
    expect([screen.getAllByTestId('order').at(-1)?.textContent, screen.getAllByTestId('event').at(-1)?.textContent]).toEqual([expect.stringContaining('N89'), expect.stringContaining('letter 89')]);
    expect(screen.getAllByTestId('event').at(-1)?.getAttribute('aria-setsize')).toBe('90');
    body.scrollTop = 39 * 34;
    await fireEvent.scroll(body);
    await settle();
    const shared = screen.getAllByTestId('order').filter((row) => row.textContent!.includes('N39'));
    expect([shared.length, shared[0]?.querySelector('.goods')?.textContent?.split(', Olive oil').length]).toEqual([1, 2]);
  });

  it('keeps suggestions back while an invoice is overdue, until somebody wants them', async () => {
    await open();
    expect(screen.queryAllByTestId('suits')).toHaveLength(0);
    await fireEvent.click(within(screen.getByTestId('paused')).getByRole('button'));
    expect(screen.getAllByTestId('suits')).toHaveLength(3);
  });

  it('shows what is covered only when asked, and asks for it by name', async () => {
    const covered = { ...PAGE, orders: { orders: [], next: null }, pop: { ...PAGE.pop, balance: null, purchases: null, suggestions: [], covered: ['balance' as const] } };
    const customerPage = vi.fn(async (_reference: string, uncover: boolean) => (uncover ? { ...PAGE, pop: { ...PAGE.pop, uncovered: { by: 'Marta', at: new Date(NOW).toISOString() } } } : covered));
    await open({ customerPage });
    expect(screen.queryByTestId('balance')).toBeNull();
    await fireEvent.click(screen.getByTestId('uncover'));
    await settle();
    expect(customerPage.mock.calls.at(-1)).toEqual(['CRM/1118', true]);
    expect([screen.getByTestId('uncovered').textContent, screen.queryByTestId('covered')]).toEqual(['Uncovered by Marta', null]);
  });

  it('plans a follow-up for a time in words', async () => {
    const { asked } = await open();
    await fireEvent.click(screen.getByTestId('plan'));
    await fireEvent.click(screen.getByTestId('plan-it'));
    await settle();
    expect(screen.getByTestId('plan-form').textContent).toContain('Write a day or a time first.');
    await fireEvent.input(screen.getByTestId('plan-when'), { target: { value: 'Fri 10:00' } });
    await fireEvent.input(screen.getByTestId('plan-text'), { target: { value: 'Price list' } });
    await fireEvent.click(screen.getByTestId('plan-it'));
    await settle();
    expect(asked.at(-1)).toEqual(['planFor', 'CRM/1118', { kind: 'follow_up', due: '2026-11-27T10:00:00Z', text: 'Price list' }, '+49 30 23125 118']);
    expect(screen.queryByTestId('plan-form')).toBeNull();
  });

  it('writes a letter down, and keeps what was typed when that fails', async () => {
    let full = true;
    const { asked } = await open({ addContact: async (...args) => (full ? Promise.reject({ code: 'journal', message: 'the disk is full' }) : void asked.push(['addContact', ...args])) });
    await fireEvent.click(screen.getByTestId('write-down'));
    await fireEvent.change(screen.getByTestId('contact-channel'), { target: { value: 'letter' } });
    await fireEvent.input(screen.getByTestId('contact-text'), { target: { value: 'New terms' } });
    await fireEvent.click(screen.getByTestId('keep-contact'));
    await settle();
    expect(screen.getByTestId('refused').textContent).toContain('the disk is full');
    expect((screen.getByTestId('contact-text') as HTMLTextAreaElement).value).toBe('New terms');
    full = false;
    await fireEvent.click(screen.getByTestId('keep-contact'));
    await settle();
    expect(asked.at(-1)).toMatchObject(['addContact', 'CRM/1118', { channel: 'letter', way: 'in', text: 'New terms' }]);
  });

  it('says when the customer is not there any more, and shows another one anew', async () => {
    const customerPage = async (reference: string) => (reference === 'CRM/1118' ? PAGE : Promise.reject({ code: 'no_such_customer', message: 'this customer is not in the local data any more' }));
    await open({ customerPage });
    location.hash = customerAddress('CRM/9');
    await fireEvent(window, new Event('hashchange'));
    await settle();
    expect(screen.getByTestId('problem').textContent).toContain('not in the local data');
    expect(screen.queryByText('Jürgen Strauß')).toBeNull();
  });

  it('is named by its address whatever the reference is', () => {
    for (const reference of ['CRM/1118', 'a b/ü#?%', 'files/x&y']) expect(customerOf(customerAddress(reference))).toBe(reference);
    expect(['#/customer/', '#/customers', '#/customer/%'].map(customerOf)).toEqual([null, null, null]);
  });
});
