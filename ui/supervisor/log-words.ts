/* A call of the log and its story, in words. */
import { ANSWER } from '../desk/timeline-words';
import { eventLine } from '../desk/event-words';
import type { DispositionView } from '../generated/DispositionView';
import type { LogRowView } from '../generated/LogRowView';
import type { Mark } from '../generated/Mark';
import type { StoryWhat } from '../generated/StoryWhat';
import type { VerdictKind } from '../generated/VerdictKind';
import { OUTCOME } from '../pop/card-words';
import { dispositionWords } from '../shared/dispositions';
import { clockTime, moment } from '../shared/format';
import type { IconName } from '../shared/icons';
import { t, type Key } from '../shared/words';

export const MARK: Record<Mark, Key> = { coaching: 'log.coaching', reviewed: 'log.reviewed' };
export const MARKS: Mark[] = ['coaching', 'reviewed'];

const MATCH: Record<VerdictKind, Key> = { one: 'log.matched', several: 'log.m_shared', unknown: 'log.m_none', withheld: 'log.m_withheld', own: 'log.m_own', internal: 'calls.internal' };

const SAYS: Record<Exclude<VerdictKind, 'one'>, Key> = {
  several: 'story.matched_several', unknown: 'story.matched_unknown', withheld: 'story.matched_withheld', own: 'story.matched_own', internal: 'story.matched_internal',
};

/** What the number said, and whether an agent said otherwise. */
export function matchWords({ verdict, said, row }: LogRowView): string {
  if (verdict === null) return '';
  if (said && verdict === 'one') return t('log.m_corrected');
  if (verdict === 'several' && row.customer) return t('log.m_chosen');
  return t(MATCH[verdict]);
}

/** Whom the call was with. */
export function callerWords({ row }: LogRowView): string {
  return row.customer?.name ?? row.number ?? t(row.direction === 'internal' ? 'calls.internal' : 'who.withheld');
}

/** The extensions that talked, one after the other; else who answered. */
export function agentWords({ talked, row }: LogRowView): string {
  return talked.length > 0 ? talked.join(' → ') : row.direction === 'out' ? '' : (row.answered_by ?? '');
}

export function outcomeWords({ row }: LogRowView): string {
  if (row.outcome === null) return t(row.on ? 'outcome.on' : 'outcome.unknown');
  if (row.outcome === 'missed' && row.direction === 'out') return t('outcome.no_answer');
  return t(OUTCOME[row.outcome]);
}

/** What came of it: what the agent says of a call that was answered, and what else happened to any other. */
export function resultWords(call: LogRowView, shop: DispositionView[]): string {
  const { disposition, outcome } = call.row;
  const said = disposition === null ? [] : [dispositionWords(disposition, shop)];
  return (outcome === 'answered' && said.length > 0 ? said : [outcomeWords(call), ...said]).join(' · ');
}

/** What happened or was said, in one line. */
export function entryWords(what: StoryWhat, shop: DispositionView[], now: number): string {
  switch (what.kind) {
    case 'phone':
      return eventLine(what.event);
    case 'matched':
      if (what.verdict !== 'one') return t(SAYS[what.verdict]);
      return what.customer === null ? t('story.matched_one_gone') : t('story.matched_one', { customer: what.customer });
    case 'said':
      return saidWords(what);
    case 'note':
      return t('story.written');
    case 'handed':
      return t('story.handed');
    case 'disposition':
      return t('story.result', { result: dispositionWords(what.code, shop) });
    case 'offer':
      return t('story.offer', { product: what.product, answer: t(ANSWER[what.answer]) });
    case 'task':
      return t(what.todo === 'callback' ? 'story.callback' : 'story.follow_up', { when: moment(what.due, now) });
    case 'ticket':
      return t('customer.ticket', { id: what.id });
  }
}

function saidWords({ word, customer }: Extract<StoryWhat, { kind: 'said' }>): string {
  const who = { customer: customer ?? t('story.nobody') };
  switch (word) {
    case 'chosen':
      return t('story.said_chosen', who);
    case 'linked':
      return t('story.said_linked', who);
    case 'created':
      return t('story.said_created', who);
    case 'taken_back':
      return t('story.said_taken_back');
  }
}

/** What stands below that line. */
export function moreWords(what: StoryWhat, now: number): string {
  switch (what.kind) {
    case 'phone':
      return what.seconds === null ? '' : clockTime(what.seconds);
    case 'said':
      return t('story.before', { before: what.before ?? t('story.nobody') });
    case 'note':
    case 'handed':
      return what.text;
    case 'task':
      return [what.text, what.done && t('story.done', { when: moment(what.done, now) })].filter(Boolean).join(' · ');
    case 'ticket':
      return what.subject;
    case 'matched':
    case 'disposition':
    case 'offer':
      return '';
  }
}

export function entryIcon(what: StoryWhat): IconName {
  switch (what.kind) {
    case 'phone':
      return phoneIcon(what.event.kind);
    case 'matched':
    case 'said':
      return 'user-round';
    case 'note':
    case 'handed':
      return 'message-square';
    case 'disposition':
      return 'check';
    case 'offer':
      return 'lightbulb';
    case 'task':
      return 'calendar-clock';
    case 'ticket':
      return 'ticket';
  }
}

function phoneIcon(kind: Extract<StoryWhat, { kind: 'phone' }>['event']['kind']): IconName {
  switch (kind) {
    case 'began':
      return 'phone-incoming';
    case 'queued':
    case 'unqueued':
      return 'clock';
    case 'answered':
      return 'phone-call';
    case 'transferred':
    case 'consulted':
      return 'phone-forwarded';
    case 'ended':
    case 'leg_ended':
      return 'phone-off';
    case 'voicemail':
      return 'mail';
    case 'held':
    case 'resumed':
    case 'offered':
    case 'ringing':
    case 'party_changed':
      return 'phone';
  }
}
