/* Tickets in words. */
import type { TicketChange } from '../generated/TicketChange';
import type { TicketRowView } from '../generated/TicketRowView';
import type { TicketState } from '../generated/TicketState';
import { PRIORITY, TICKET } from '../pop/open-words';
import { weekday } from '../shared/format';
import { t, type Key } from '../shared/words';

export const STATE: Record<TicketState, Key> = { open: 'ticket.state_open', in_work: 'ticket.state_in_work', closed: 'ticket.state_closed' };

/** What it is about, where nobody wrote it. */
export function subject(row: TicketRowView): string {
  return row.subject || t(TICKET[row.about]);
}

/** Who works on it. */
export function assignee(line: string): string {
  return line === '' ? t('ticket.nobody') : t('open.by', { line });
}

/** What was done, in one line; a comment speaks for itself. */
export function done(change: TicketChange, now: number): string {
  switch (change.what) {
    case 'comment':
      return '';
    case 'state':
      return t('ticket.did_state', { to: t(STATE[change.value]) });
    case 'about':
      return t('ticket.did_about', { to: t(TICKET[change.value]) });
    case 'priority':
      return t('ticket.did_priority', { to: t(PRIORITY[change.value]) });
    case 'subject':
      return t('ticket.did_subject', { to: change.value });
    case 'due':
      return change.value === null ? t('ticket.did_no_due') : t('ticket.did_due', { to: weekday(change.value, now) });
    case 'assignee':
      return change.value === '' ? t('ticket.did_no_assignee') : t('ticket.did_assignee', { to: change.value });
  }
}

/** Past its time and not closed. */
export function isLate(row: TicketRowView, now: number): boolean {
  return row.due !== null && row.closed === null && Date.parse(row.due) < now;
}
