/*
 * What an agent makes of one call while it is being made: a promise, a ticket, and which lists stand open.
 * It lives as long as the call, so that nothing typed is lost when another call comes in between.
 */
import type { Backend } from '../backend';
import type { CardView } from '../generated/CardView';
import type { OfferAnswer } from '../generated/OfferAnswer';
import type { OpenItemView } from '../generated/OpenItemView';
import type { SuggestionView } from '../generated/SuggestionView';
import { FollowUp } from './follow-up.svelte';
import { TicketForm } from './ticket-form.svelte';

/** What a customer may say to a suggestion, in the order of its keys. */
export const ANSWERS: OfferAnswer[] = ['offered', 'accepted', 'declined', 'not_now'];

export type List = 'dispositions' | 'templates' | 'ticket';

export class After {
  readonly followUp: FollowUp;
  readonly ticket: TicketForm;
  /** The list that takes plain digits now. */
  list = $state<List | null>(null);
  /** Suggestions are to be seen though they are paused. */
  wanted = $state(false);
  /** The suggestion that the agent opened; the first without an answer otherwise. */
  opened = $state<string | null>(null);
  /** All purchases are to be seen, not only the last few. */
  allLines = $state(false);
  /** The months are to be read as a table. */
  asTable = $state(false);
  /** The wrap-up is being saved and closed. */
  closing = $state(false);
  /** What was marked as done last: it can be taken back. */
  done = $state.raw<OpenItemView | null>(null);

  constructor(call: string, backend: Backend) {
    this.followUp = new FollowUp(call, backend);
    this.ticket = new TicketForm(call, backend);
  }

  /** Something stands in a field that is not saved. */
  get unsaved(): boolean {
    return this.followUp.unsaved || this.ticket.unsaved;
  }

  /** Folds what stands open, and says whether anything did. What was typed stays. */
  back(card: CardView): boolean {
    const list = this.list;
    this.list = null;
    this.ticket.back();
    if (list !== null) return true;
    const open = this.followUp.open && card.state !== 'wrap_up';
    this.followUp.open = false;
    return open;
  }
}

/** Whether there is anything to make of the call yet: while it rings there is not. */
export const canWork = ({ state }: CardView): boolean => state !== 'ringing' && state !== 'dialling';

/** The suggestions that are shown: none while they are paused and nobody asked for them. */
export function shownSuggestions(card: CardView, after: After): SuggestionView[] {
  const { suggestions, paused } = card.pop;
  return paused.length > 0 && !after.wanted ? [] : suggestions;
}

/** The suggestion that takes an answer: the one the agent opened, else the first that waits for one. */
export function openSuggestion(card: CardView, after: After): SuggestionView | null {
  if (!canWork(card)) return null;
  const shown = shownSuggestions(card, after);
  const opened = shown.find(({ product }) => product === after.opened);
  return opened ?? shown.find(({ answer }) => answer === null || answer === 'offered') ?? null;
}
