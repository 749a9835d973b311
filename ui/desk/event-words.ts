/* What a phone system told of a call, as one sentence. */
import type { Cause } from '../generated/Cause';
import type { Direction } from '../generated/Direction';
import type { QueueOutcome } from '../generated/QueueOutcome';
import type { Side } from '../generated/Side';
import type { TransferKind } from '../generated/TransferKind';
import type { WhatView } from '../generated/WhatView';
import { t, type Key } from '../shared/words';

const WAY: Record<Direction, Key> = { in: 'event.began_in', out: 'event.began_out', internal: 'event.began_internal' };

const CAUSE: Record<Cause, Key> = {
  normal: 'cause.normal',
  busy: 'cause.busy',
  no_answer: 'cause.no_answer',
  cancelled: 'cause.cancelled',
  answered_elsewhere: 'cause.answered_elsewhere',
  rejected: 'cause.rejected',
  unreachable: 'cause.unreachable',
  stale: 'cause.stale',
  other: 'cause.else',
};

const SIDE: Record<Side, Key> = { caller: 'side.caller', agent: 'side.agent', callee: 'side.callee', pbx: 'side.pbx', transfer: 'side.transfer' };

const QUEUE: Record<QueueOutcome, Key> = { answered: 'event.unqueued_answered', abandoned: 'event.unqueued_abandoned', timed_out: 'event.unqueued_timed_out' };

const PASSED: Record<TransferKind, Key> = { blind: 'event.passed_blind', attended: 'event.passed_attended', blonde: 'event.passed_blonde' };

export function eventLine(what: WhatView): string {
  switch (what.kind) {
    case 'began': {
      const began = t(WAY[what.direction], { who: who(what.name, what.number), called: what.called ?? t('event.somewhere') });
      return what.origin ? t('event.by_line', { what: began, line: what.origin }) : began;
    }
    case 'offered':
      return t('event.offered', { phone: what.phone });
    case 'consulted':
      return t('event.consulted', { phone: what.phone, by: what.by });
    case 'ringing':
      return t('event.ringing', { phone: what.phone });
    case 'answered':
      return t('event.answered', { phone: what.phone });
    case 'held':
      return t('event.held');
    case 'resumed':
      return t('event.resumed');
    case 'party_changed':
      return t('event.party_changed', { who: who(what.name, what.number) });
    case 'queued':
      return t('event.queued', { queue: what.queue });
    case 'unqueued':
      return t(QUEUE[what.outcome]);
    case 'transferred':
      return t(PASSED[what.how], { by: what.by ?? t('event.somebody'), to: what.to ?? t('event.somewhere') });
    case 'voicemail':
      return t('event.voicemail');
    case 'leg_ended':
      return t('event.leg_ended', { phone: what.phone, why: t(CAUSE[what.cause]) });
    case 'ended':
      return t('event.ended', { why: [t(CAUSE[what.cause]), what.by && t(SIDE[what.by])].filter(Boolean).join(', ') });
  }
}

function who(name: string | null, number: string | null): string {
  if (name && number) return `${name} (${number})`;
  return name ?? number ?? t('event.no_number');
}
