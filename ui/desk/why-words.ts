/* Why a call did or did not pop, as sentences. Each answer says what to do first. */
import type { AnswerView } from '../generated/AnswerView';
import type { Cause } from '../generated/Cause';
import type { ChangeKind } from '../generated/ChangeKind';
import type { DecisionKind } from '../generated/DecisionKind';
import type { DecisionView } from '../generated/DecisionView';
import type { FeedHealth } from '../generated/FeedHealth';
import type { GuardView } from '../generated/GuardView';
import type { LookedView } from '../generated/LookedView';
import type { ReadAs } from '../generated/ReadAs';
import type { StepView } from '../generated/StepView';
import type { UnreadableView } from '../generated/UnreadableView';
import type { VerdictKind } from '../generated/VerdictKind';
import { moment } from '../shared/format';
import { numberFormat } from '../shared/intl';
import { locale, t, type Key } from '../shared/words';

export const UNREADABLE: Record<UnreadableView, Key> = {
  empty: 'unread.empty',
  not_a_number: 'unread.not_a_number',
  too_short: 'unread.too_short',
  too_long: 'unread.too_long',
  no_region: 'unread.no_region',
  unknown_country: 'unread.unknown_country',
  rounded: 'unread.rounded',
  readable_now: 'unread.readable_now',
};

/** The verdict, in a sentence. */
export const VERDICT: Record<VerdictKind, Key> = {
  withheld: 'why.who_withheld', own: 'why.who_own', internal: 'why.who_internal', unknown: 'why.who_unknown', one: 'why.who_one', several: 'why.who_several',
};

const NOT_RUNG: Record<Cause, Key> = {
  normal: 'cause.normal', busy: 'why.busy', no_answer: 'cause.no_answer', cancelled: 'cause.cancelled', answered_elsewhere: 'cause.answered_elsewhere',
  rejected: 'cause.rejected', unreachable: 'cause.unreachable', stale: 'cause.stale', other: 'cause.else',
};

const DOWN: Record<FeedHealth, Key> = { starting: 'why.feed_starting', up: 'why.feed_up', lost: 'why.feed_lost', refused: 'why.feed_refused' };

const DECISION: Record<DecisionKind, Key> = {
  shown: 'why.shown', beside: 'why.beside', waits: 'why.waits', quiet: 'why.quiet', wrap_up: 'why.wrap_up', other_line: 'why.other_line', no_lines: 'why.no_lines', not_mine: 'why.not_mine',
  not_ringing: 'why.not_ringing', not_rung: 'why.not_rung', answered_elsewhere: 'why.elsewhere', missed: 'why.missed', rejected: 'why.rejected',
  stopped_ringing: 'why.stopped', joined: 'why.joined', over_before: 'why.over_before', closed: 'why.closed',
};

/** Why a product was not suggested. */
export const GUARD: Record<GuardView, Key> = {
  evidence: 'why.guard_evidence', discontinued: 'why.guard_discontinued', stock: 'why.guard_stock', owned: 'why.guard_owned', declined: 'why.guard_declined',
  sensitive: 'why.guard_sensitive', opted_out: 'why.guard_opted_out', overdue: 'why.guard_overdue', complaint: 'why.guard_complaint',
};

/** The guards that need what a source or the settings say. */
const NEEDS: Partial<Record<GuardView, Key>> = { stock: 'why.off_stock', owned: 'why.off_owned', sensitive: 'why.off_sensitive', opted_out: 'why.off_opted_out' };

/** Which guards nothing is known for; `null` where all are on. */
export function guardsOff({ guards_off }: LookedView): string | null {
  const names = guards_off.flatMap((guard) => (NEEDS[guard] ? [t(NEEDS[guard])] : []));
  return names.length > 0 ? t('why.guards_off', { guards: names.join(', ') }) : null;
}

const CHANGE: Record<ChangeKind, Key> = {
  began: 'change.began', offered: 'change.offered', consulted: 'change.consulted', ringing: 'change.ringing', answered: 'change.answered', held: 'change.held', resumed: 'change.resumed',
  party_changed: 'change.party_changed', queue: 'change.queue', transferred: 'change.transferred', diverted: 'change.diverted', leg_ended: 'change.leg_ended', ended: 'change.ended',
};

export const READ_AS: Record<ReadAs, Key> = { international: 'why.read_international', national: 'why.read_national', extension: 'why.read_extension',
  repaired: 'why.read_repaired', no_area: 'why.read_no_area', no_zero: 'why.read_no_zero', no_ninth: 'why.read_no_ninth', no_country: 'why.read_no_country', outside: 'why.read_outside' };

/** The answer, and whether it is good news. */
export function answerLine(answer: AnswerView, now: number): { text: string; popped: boolean } {
  const popped = answer.code === 'popped' || answer.code === 'beside';
  return { popped, text: sentence(answer, now) };
}

function sentence(answer: AnswerView, now: number): string {
  const list = (names: string[]) => (names.length > 0 ? names.join(', ') : t('why.none'));
  switch (answer.code) {
    case 'popped': {
      const who = answer.unreadable ? t('why.who_unreadable', { why: t(UNREADABLE[answer.unreadable]) }) : t(VERDICT[answer.verdict]);
      const popped = answer.took_us === null ? t('why.popped', { line: answer.line }) : t('why.popped_after', { line: answer.line, time: duration(answer.took_us) });
      return `${popped} ${who}`;
    }
    case 'beside':
      return t('why.answer_beside', { line: answer.line });
    case 'waited':
      return t('why.answer_waited', { line: answer.line });
    case 'quiet':
      return t('why.answer_quiet', { line: answer.line });
    case 'no_lines':
      return t('why.answer_no_lines');
    case 'not_mine':
      return t('why.answer_not_mine', { dialled: list(answer.dialled), mine: list(answer.mine) });
    case 'not_rung':
      return answer.cause === null ? t('why.answer_not_ringing', { line: answer.line }) : t('why.answer_not_rung', { line: answer.line, why: t(NOT_RUNG[answer.cause]) });
    case 'over_before':
      return t('why.answer_over_before', { line: answer.line });
    case 'not_traced':
      return t('why.answer_not_traced', { rang: list(answer.rang), mine: list(answer.mine) });
    case 'not_running':
      return t('why.answer_not_running', { since: moment(answer.since, now) });
    case 'feed_down':
      return t('why.answer_feed_down', { how: t(DOWN[answer.health], { feed: answer.feed, since: moment(answer.since, now) }) });
    case 'not_heard':
      return t('why.answer_not_heard', { feeds: list(answer.feeds) });
    case 'nothing_traced':
      return t('why.answer_nothing_traced');
  }
}

export function decisionLine({ line, why, by }: DecisionView): string {
  const cause = why === 'not_rung' && by !== null && by in NOT_RUNG ? t(NOT_RUNG[by as Cause]) : (by ?? t('why.nobody_known'));
  const said = t(DECISION[why], { by: cause });
  return line === null ? said : t('why.at_line', { line, what: said });
}

export function changeLine(what: ChangeKind, phone: string | null): string {
  return phone === null ? t(CHANGE[what]) : `${phone} ${t(CHANGE[what])}`;
}

/** The step that brought the call up, else the last that decided about it; with who was found by then. */
export function decisiveStep(steps: StepView[]): { step: StepView; looked: LookedView | null; decisions: DecisionView[] } | null {
  const decides = (wanted: (one: DecisionView) => boolean) => (step: StepView) => step.decisions.some(wanted);
  const shown = steps.findIndex(decides(({ why }) => why === 'shown'));
  const beside = steps.findIndex(decides(({ why }) => why === 'beside' || why === 'waits' || why === 'quiet'));
  const last = steps.findLastIndex(decides(() => true));
  const at = shown >= 0 ? shown : beside >= 0 ? beside : last;
  const step = steps[at];
  if (!step) return null;
  const looked = steps.slice(0, at + 1).findLast((one) => one.looked !== null)?.looked ?? null;
  return { step, looked, decisions: step.decisions };
}

/** Microseconds, or milliseconds where there are many. */
export function duration(us: number): string {
  const [value, unit] = us < 10_000 ? [us, 'µs'] : [Math.round(us / 1000), 'ms'];
  return `${numberFormat(locale()).format(value)} ${unit}`;
}
