/* What is open, in words. */
import type { OpenItemView } from '../generated/OpenItemView';
import type { Priority } from '../generated/Priority';
import type { TaskKind } from '../generated/TaskKind';
import type { TicketKind } from '../generated/TicketKind';
import { moment, sameDay } from '../shared/format';
import { t, type Key } from '../shared/words';

export const TICKET: Record<TicketKind, Key> = {
  complaint: 'ticket.complaint',
  question: 'ticket.question',
  return: 'ticket.return',
  repair: 'ticket.repair',
  other: 'ticket.something_else',
};

export const PRIORITY: Record<Priority, Key> = {
  low: 'ticket.low',
  normal: 'ticket.normal',
  high: 'ticket.high',
  urgent: 'ticket.urgent',
};

const TASK: Record<TaskKind, { due: Key; over: Key; alone: Key }> = {
  follow_up: { due: 'open.follow_up_due', over: 'open.follow_up_over', alone: 'follow_up.title' },
  callback: { due: 'open.callback_due', over: 'open.callback_over', alone: 'follow_up.callback' },
};

/** What it is about. */
export function subjectOf({ what, subject }: OpenItemView): string {
  if (subject !== '') return subject;
  if (what.kind === 'task') return t(TASK[what.todo].alone);
  return what.kind === 'ticket' ? t(TICKET[what.about]) : '';
}

/** What kind of thing it is and when it is due; nothing where its subject says all. */
export function detailOf({ what }: OpenItemView, now: number): { words: string; look: 'bad' | 'warn' | '' } {
  switch (what.kind) {
    case 'task': {
      const over = Date.parse(what.due) <= now;
      const words = t(TASK[what.todo][over ? 'over' : 'due'], { when: moment(what.due, now) });
      return { words, look: over ? 'bad' : sameDay(what.due, now) ? 'warn' : '' };
    }
    case 'ticket':
      return { words: `${t(TICKET[what.about])} · ${t(PRIORITY[what.priority])}`, look: what.about === 'complaint' ? 'bad' : '' };
    case 'source_ticket':
      return { words: '', look: '' };
  }
}

/** The promise to keep before anything else: the first that is due by the end of today and was not made in this call. */
export function promiseOf(open: OpenItemView[], call: string, now: number): OpenItemView | null {
  const isDue = ({ what, call: from }: OpenItemView) => what.kind === 'task' && from !== call && (Date.parse(what.due) <= now || sameDay(what.due, now));
  return open.find(isDue) ?? null;
}
