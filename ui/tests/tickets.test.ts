import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { changed, demoTickets, filtered, pageOf } from '../demo/tickets';
import { PEOPLE } from '../demo/people';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import { ticketOf } from '../desk/pages';
import { chooseLanguage } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const ALL = demoTickets(NOW);
const settle = () => vi.advanceTimersByTimeAsync(0);
const rows = () => screen.queryAllByTestId('ticket-row').map((row) => Number(row.dataset.ticket));

async function open(address: string, more: Partial<Backend> = {}) {
  location.hash = address;
  let tickets = ALL;
  const on = stage(stateNamed('idle', NOW)!, {
    tickets: async (filter, behind, limit) => pageOf(filtered(tickets, filter), behind, limit),
    ticket: async (id) => tickets.find(({ row }) => row.id === id) ?? Promise.reject({ code: 'no_such_ticket', message: 'this ticket is gone' }),
    changeTicket: async (id, change) => {
      tickets = tickets.map((one) => (one.row.id === id ? changed(one, change, new Date(NOW).toISOString()) : one));
      return tickets.find(({ row }) => row.id === id)!;
    },
    ...more,
  });
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

describe('the list of tickets', () => {
  it('shows what is open, how grave, whose and by when', async () => {
    await open('#/tickets');
    expect(rows()).toEqual([318, 322, 325, 327]);
    expect(screen.getAllByTestId('ticket-row')[0]?.textContent).toMatch(/Pallet label unreadable.*Urgent.*Jürgen Strauß.*Complaint.*In work.*Line 102.*overdue/s);
  });

  it('is filtered as one types and chooses, and cleared again', async () => {
    await open('#/tickets');
    await fireEvent.input(screen.getByTestId('ticket-text'), { target: { value: 'kathe' } });
    await fireEvent.input(screen.getByTestId('ticket-text'), { target: { value: 'salt' } });
    await settle();
    expect(rows()).toEqual([325]);
    await fireEvent.click(screen.getByText('Clear'));
    await fireEvent.change(screen.getByTestId('ticket-whose'), { target: { value: 'mine' } });
    await settle();
    expect(rows()).toEqual([322]);
    await fireEvent.change(screen.getByTestId('ticket-state'), { target: { value: 'closed' } });
    await settle();
    expect(rows()).toEqual([301]);
  });

  it('is read page by page as one scrolls, also where a page has none that fits, and again as far as it was', async () => {
    const many = Array.from({ length: 250 }, (_, i) => ({ ...ALL[0]!.row, id: i + 1 }));
    const asked: (number | null)[] = [];
    const { logChanged } = await open('#/tickets', {
      tickets: async (_filter, behind, limit) => {
        asked.push(behind?.id ?? null);
        if (behind?.id === 100) return { rows: [], next: { closed: null, priority: 'urgent', due: null, id: 101 } };
        return pageOf(many, behind, limit);
      },
    });
    const table = screen.getByRole('table');
    expect([asked, table.getAttribute('aria-rowcount'), screen.getByText('the first 100 tickets').className]).toEqual([[null], '-1', expect.stringContaining('muted')]);
    await fireEvent.keyDown(screen.getAllByTestId('ticket-row')[0]!.querySelector('a')!, { key: 'ArrowDown' });
    for (const key of ['End', 'End', 'End', 'End']) {
      await fireEvent.keyDown(document.activeElement!, { key });
      await settle();
    }
    expect(asked).toEqual([null, 100, 101, 201]);
    expect([rows().length < 60, rows().at(-1), table.getAttribute('aria-rowcount')]).toEqual([true, 250, '250']);
    expect(Number(screen.getAllByTestId('ticket-row').at(-1)?.getAttribute('aria-rowindex'))).toBe(250);
    asked.length = 0;
    logChanged();
    await settle();
    expect([asked, rows().at(-1)]).toEqual([[null, 100, 101, 201], 250]);
  });

  it('keeps a filter under a name and uses it again', async () => {
    const filter = JSON.stringify({ state: 'closed', about: null, priority: null, assignee: 'anyone', text: '' });
    const { asked } = await open('#/tickets', { filters: async () => [{ name: 'Closed', filter }] });
    await fireEvent.click(screen.getByTestId('saved-filter'));
    await settle();
    expect(rows()).toEqual([301]);
    expect(screen.getByTestId('saved-filter').getAttribute('aria-pressed')).toBe('true');
    await fireEvent.change(screen.getByTestId('ticket-whose'), { target: { value: 'mine' } });
    await fireEvent.click(screen.getByTestId('name-filter'));
    await fireEvent.input(screen.getByTestId('filter-name'), { target: { value: 'My closed' } });
    await fireEvent.click(screen.getByTestId('keep-filter'));
    await settle();
    expect(asked).toEqual([['keepFilter', 'tickets', 'My closed', filter.replace('anyone', 'mine')]]);
  });

  it('says that nothing fits, and why it cannot be read', async () => {
    await open('#/tickets', { tickets: async () => ({ rows: [], next: null }) });
    expect(screen.getByTestId('tickets-empty').textContent).toBe('No ticket fits.');
    cleanup();
    await open('#/tickets', { tickets: async () => Promise.reject({ code: 'journal', message: 'the journal is locked' }) });
    expect(screen.getByTestId('problem').textContent).toContain('the journal is locked');
  });

  it('gives the keyboard to the first field of a ticket that is opened by a key', async () => {
    await open('#/tickets');
    screen.getByTestId('new-ticket').focus();
    await fireEvent.click(screen.getByTestId('new-ticket'));
    expect(document.activeElement).toBe(screen.getByTestId('new-subject'));
  });

  it('opens a ticket for a customer that is looked for, and says when that fails with nothing lost', async () => {
    const { asked } = await open('#/tickets', { searchCustomers: async () => [{ customer: PEOPLE.kathe, by: 'name', text: 'Käthe Strahl' }] });
    await fireEvent.click(screen.getByTestId('new-ticket'));
    await fireEvent.input(screen.getByTestId('new-subject'), { target: { value: 'Kettle leaks' } });
    await fireEvent.input(screen.getByTestId('pick-customer'), { target: { value: 'kat' } });
    await settle();
    await fireEvent.keyDown(screen.getByTestId('pick-customer'), { key: 'Enter' });
    expect(screen.getByTestId('picked').textContent).toContain('Käthe Strahl');
    await fireEvent.click(screen.getByTestId('open-ticket'));
    await settle();
    expect(asked).toEqual([['newTicket', 'desk/5f0c', { kind: 'question', priority: 'normal', subject: 'Kettle leaks' }]]);
    expect(screen.getByTestId('refused').textContent).toContain('the disk is full');
    expect((screen.getByTestId('new-subject') as HTMLInputElement).value).toBe('Kettle leaks');
  });
});

describe('a ticket', () => {
  it('shows all that was said and done', async () => {
    await open('#/tickets/318');
    const entries = screen.getAllByTestId('ticket-entry').map((entry) => entry.textContent);
    expect(entries[0]).toContain('Given to line 102');
    expect(entries[2]).toContain('Asked for a picture of the label.');
  });

  it('is worked: taken, commented, closed', async () => {
    await open('#/tickets/325');
    await fireEvent.change(screen.getByTestId('set-assignee'), { target: { value: '101' } });
    await settle();
    await fireEvent.input(screen.getByTestId('comment'), { target: { value: 'Sent it.' } });
    await fireEvent.click(screen.getByTestId('say'));
    await settle();
    expect((screen.getByTestId('comment') as HTMLTextAreaElement).value).toBe('');
    await fireEvent.change(screen.getByTestId('set-state'), { target: { value: 'closed' } });
    await settle();
    const entries = screen.getAllByTestId('ticket-entry').map((entry) => within(entry).getAllByText(/./).at(-1)?.textContent);
    expect(entries).toEqual(['Given to line 101', 'Sent it.', 'State: Closed']);
  });

  it('keeps a comment that could not be saved', async () => {
    await open('#/tickets/325', { changeTicket: async () => Promise.reject({ code: 'journal', message: 'the disk is full' }) });
    await fireEvent.input(screen.getByTestId('comment'), { target: { value: 'Sent it.' } });
    await fireEvent.click(screen.getByTestId('say'));
    await settle();
    expect(screen.getByTestId('problem').textContent).toContain('the disk is full');
    expect((screen.getByTestId('comment') as HTMLTextAreaElement).value).toBe('Sent it.');
  });

  it('that is gone says so', async () => {
    await open('#/tickets/9');
    expect(screen.getByTestId('problem').textContent).toContain('this ticket is gone');
  });

  it('is named by its address and by nothing else', () => {
    expect(['#/tickets/12', '#/tickets', '#/tickets/', '#/tickets/1x', '#/tickets/-1', '#/tickets/99999999999999999999'].map(ticketOf)).toEqual([12, null, null, null, null, null]);
  });
});
