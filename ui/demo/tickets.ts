/* Some tickets of the demonstration, and what becomes of them as long as the page lives. */
import type { CustomerView } from '../generated/CustomerView';
import type { TicketChange } from '../generated/TicketChange';
import type { TicketFilter } from '../generated/TicketFilter';
import type { TicketPage } from '../generated/TicketPage';
import type { TicketPlace } from '../generated/TicketPlace';
import type { TicketRowView } from '../generated/TicketRowView';
import type { TicketView } from '../generated/TicketView';
import { DAY, iso, PEOPLE } from './people';

function ticket(now: number, id: number, subject: string, customer: CustomerView | null, more: Partial<TicketRowView>, said: TicketChange[] = []): TicketView {
  const opened = now - (330 - id) * 0.4 * DAY;
  const row: TicketRowView = { id, about: 'question', priority: 'normal', state: 'open', subject, customer, line: '101', assignee: '', mine: false, due: null, opened: iso(opened), closed: null, call: null, ...more };
  return { row, entries: said.map((change, i) => ({ at: iso(opened + (i + 1) * 0.2 * DAY), line: i % 2 ? '102' : '101', change })) };
}

export function demoTickets(now: number): TicketView[] {
  return [
    ticket(now, 318, 'Pallet label unreadable, order 10439', PEOPLE.jurgen, { about: 'complaint', priority: 'urgent', state: 'in_work', assignee: '102', due: iso(now - DAY) }, [
      { what: 'assignee', value: '102' }, { what: 'state', value: 'in_work' }, { what: 'comment', value: 'Asked for a picture of the label.\nHe sends it by e-mail.' }, { what: 'due', value: iso(now - DAY) },
    ]),
    ticket(now, 322, 'Two cases short on 10470', PEOPLE.anais, { about: 'complaint', priority: 'high', assignee: '101', mine: true, due: iso(now + 2 * DAY) }, [{ what: 'assignee', value: '101' }]),
    ticket(now, 325, 'Which certificate comes with the salt?', PEOPLE.kathe, {}),
    ticket(now, 327, '', PEOPLE.soren, { about: 'return', priority: 'low' }),
    ticket(now, 301, 'Invoice without order number', PEOPLE.bozena, { state: 'closed', closed: iso(now - 3 * DAY), assignee: '101', mine: true }, [{ what: 'state', value: 'closed' }]),
  ];
}

/** What the filter lets through. */
export function filtered(all: TicketView[], filter: TicketFilter): TicketRowView[] {
  const fits = ({ row }: TicketView) =>
    (filter.state === 'all' || (row.closed === null) === (filter.state === 'open')) && (filter.about === null || row.about === filter.about) && (filter.priority === null || row.priority === filter.priority) &&
    (filter.assignee === 'anyone' || (filter.assignee === 'mine' ? row.mine : row.assignee === '')) && `${row.id} ${row.subject} ${row.customer?.name ?? ''}`.toLowerCase().includes(filter.text.trim().toLowerCase());
  return all.filter(fits).map(({ row }) => row);
}

/** A page of a list, behind a place in it. */
export function pageOf(rows: TicketRowView[], behind: TicketPlace | null, limit: number): TicketPage {
  const from = behind === null ? 0 : rows.findIndex(({ id }) => id === behind.id) + 1;
  const part = rows.slice(from, from + limit);
  const last = part.at(-1);
  return { rows: part, next: last && from + limit < rows.length ? { closed: last.closed, priority: last.priority, due: last.due, id: last.id } : null };
}

/** The ticket after the change. */
export function changed({ row, entries }: TicketView, change: TicketChange, at: string): TicketView {
  const next = { ...row };
  if (change.what === 'state') [next.state, next.closed] = [change.value, change.value === 'closed' ? at : null];
  else if (change.what === 'assignee') [next.assignee, next.mine] = [change.value, change.value === '101'];
  else if (change.what === 'about') next.about = change.value;
  else if (change.what === 'priority') next.priority = change.value;
  else if (change.what === 'subject') next.subject = change.value;
  else if (change.what === 'due') next.due = change.value;
  return { row: next, entries: [...entries, { at, line: '101', change }] };
}
