/* What a card says: codes of the view turned into keys of the catalogue. */
import type { CardState } from '../generated/CardState';
import type { CardView } from '../generated/CardView';
import type { GoneView } from '../generated/GoneView';
import type { Grade } from '../generated/Grade';
import type { MatchReason } from '../generated/MatchReason';
import type { Outcome } from '../generated/Outcome';
import type { PopView } from '../generated/PopView';
import type { Trust } from '../generated/Trust';
import type { ChosenView } from '../generated/ChosenView';
import type { ReasonView } from '../generated/ReasonView';
import type { WordKind } from '../generated/WordKind';
import type { WordView } from '../generated/WordView';
import { country, day } from '../shared/format';
import type { IconName } from '../shared/icons';
import { t, tn, type Key } from '../shared/words';
import { promiseOf, subjectOf } from './open-words';

export const STATE: Record<CardState, Key> = {
  ringing: 'state.ringing',
  dialling: 'state.dialling',
  talking: 'state.talking',
  held: 'state.held',
  wrap_up: 'state.wrap_up',
  unsure: 'state.unsure',
};

export const OUTCOME: Record<Outcome, Key> = {
  answered: 'outcome.answered',
  missed: 'outcome.missed',
  busy: 'outcome.busy',
  rejected: 'outcome.rejected',
  failed: 'outcome.failed',
};

export const GRADE: Record<Grade, Key> = {
  exact: 'grade.exact',
  national: 'grade.national',
  ambiguous: 'grade.ambiguous',
};

const WHY: Record<MatchReason, Key> = {
  both_international: 'match.both_international',
  stored_national: 'match.stored_national',
  caller_national: 'match.caller_national',
  both_national: 'match.both_national',
  stored_repaired: 'match.stored_repaired',
  caller_repaired: 'match.caller_repaired',
  stored_no_area: 'match.stored_no_area',
  caller_no_area: 'match.caller_no_area',
  stored_no_zero: 'match.stored_no_zero',
  caller_no_zero: 'match.caller_no_zero',
  stored_no_ninth: 'match.stored_no_ninth',
  caller_no_ninth: 'match.caller_no_ninth',
  stored_no_country: 'match.stored_no_country',
  caller_outside: 'match.caller_outside',
};

export const TRUST: Record<Trust, { key: Key; look: string; icon: IconName }> = {
  verified: { key: 'trust.verified', look: 'verified', icon: 'shield-check' },
  not_verified_b: { key: 'trust.not_verified_b', look: 'unverified', icon: 'shield-alert' },
  not_verified_c: { key: 'trust.not_verified_c', look: 'unverified', icon: 'shield-alert' },
  failed: { key: 'trust.failed', look: 'failed', icon: 'shield-x' },
  unknown: { key: 'trust.unknown', look: 'neutral', icon: 'shield' },
};

/** Why the number names the customer with its grade. */
export const why = (view: ReasonView): string => t(WHY[view.code], { country: view.country ? country(view.country) : t('match.home') });

/** Whether the card's call is on: rings, is dialled, talked or held. */
export const isOn = (card: CardView): boolean => card.state !== 'wrap_up';

/** Whether the agent is asked which of those who may be calling it is. */
export const isChoice = ({ pop }: CardView): boolean => !pop.customer && pop.candidates.length > 0;

/** Whether it makes sense to look for who is calling: our own people are nobody's customers. */
export const canFind = ({ pop }: CardView): boolean => pop.verdict === 'unknown' || pop.candidates.length > 0;

const WORD: Record<WordKind, [now: Key, before: Key]> = {
  chosen: ['word.chosen', 'word.chosen_before'],
  linked: ['word.linked', 'word.linked_before'],
  created: ['word.created', 'word.created_before'],
};

/** By whose word it is this customer. */
export function wordWords({ kind, line, at, in_this_call }: WordView, now: number): string {
  const [said, before] = WORD[kind];
  return in_this_call ? t(said) : t(before, { line, day: day(at, now) });
}

/** That somebody was chosen at earlier calls of the number. */
export function chosenWords({ line, at, times, last }: ChosenView, now: number): string {
  const said = t(last ? 'choose.last_time' : 'choose.before', { line, day: day(at, now) });
  return times > 1 ? `${said}, ${tn('choose.times', times)}` : said;
}

/** The biggest words of the card. */
export function headline(pop: PopView): string {
  switch (pop.verdict) {
    case 'one':
      return pop.customer?.name ?? pop.number ?? '';
    case 'withheld':
      return t('who.withheld');
    case 'several':
      return sharedCompany(pop) ?? pop.number ?? '';
    case 'internal':
      return pop.caller_name ?? pop.number ?? t('who.internal');
    case 'own':
    case 'unknown':
      return pop.number ?? pop.caller_name ?? t('who.unknown');
  }
}

/** The line below the headline. */
export function subline(pop: PopView): string {
  switch (pop.verdict) {
    case 'one':
      if (!pop.customer) return t('who.perhaps');
      return [pop.customer.company, pop.customer.city].filter(Boolean).join(', ');
    case 'withheld':
      return t('who.withheld_why');
    case 'several':
      return tn('who.several', Math.max(pop.shared_by, pop.candidates.length));
    case 'internal':
      return t('who.internal');
    case 'own':
      return t('who.own');
    case 'unknown':
      return [t('who.unknown'), pop.country && country(pop.country)].filter(Boolean).join(' · ');
  }
}

/** Who passed the call to me, when somebody did. */
export function handedOver(card: CardView): string | null {
  if (!card.handed_over) return null;
  const { by, kind } = card.handed_over;
  const who = by ? t('handed.line', { line: by }) : t('handed.somebody');
  return t(kind === 'attended' ? 'handed.attended' : 'handed.blind', { by: who });
}

/** Why a card went without the agent's doing; nothing where the agent knows, or where a line says so. */
export function whyGone(gone: GoneView): string | null {
  switch (gone.reason) {
    case 'answered_elsewhere':
      return gone.by ? t('gone.answered_by', { line: gone.by }) : t('gone.answered_elsewhere');
    case 'joined':
      return t('gone.joined');
    case 'stopped_ringing':
      return t('gone.stopped');
    case 'missed':
    case 'rejected':
      return null;
  }
}

/** What a screen reader says once when the card appears. */
export function announcement(card: CardView, now: number): string {
  const { pop } = card;
  const who = [headline(pop), subline(pop)].filter(Boolean).join(', ');
  const trusted = card.direction === 'in' && pop.trust !== 'unknown' ? t(TRUST[pop.trust].key) : '';
  const overdue = pop.balance?.overdue ? t('say.overdue') : '';
  const promise = promiseOf(pop.open, card.call, now);
  const promised = promise ? t('say.with_promise', { what: subjectOf(promise) }) : '';
  const facts = [who, trusted, overdue, promised].filter(Boolean).join(', ');
  return card.direction === 'out' ? t('say.call_to', { who: facts }) : t('say.call_from', { who: facts });
}

/** The company all candidates belong to, when they do. */
function sharedCompany(pop: PopView): string | null {
  // The card of the company itself has its name in the place of a person's.
  const companies = new Set(pop.candidates.map(({ customer }) => customer.company ?? customer.name));
  const [only] = companies;
  return companies.size === 1 && pop.candidates.some(({ customer }) => customer.company === only) ? (only ?? null) : null;
}
