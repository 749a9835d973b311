/* What the panel does with a key. Characters belong to a field while the caret stands in it. */
import { ANSWERS, canWork, openSuggestion } from './after.svelte';
import { canFind, isChoice } from './card-words';
import type { CardView } from '../generated/CardView';
import type { Meaning } from './keymap';
import type { PanelState } from './panel.svelte';

type Act = (() => void) | null;

export function panelKeys(event: KeyboardEvent, panel: PanelState): void {
  // The map has keys of its own while it is open.
  if (panel.mapOpen || event.defaultPrevented || event.isComposing) return;
  const inField = isField(event.target);
  for (const meaning of panel.keys.meanings(event)) {
    const act = meaning.writes && inField ? null : actFor(meaning, panel);
    if (!act) continue;
    event.preventDefault();
    return act();
  }
  typed(event, panel);
}

function actFor({ action, digit }: Meaning, panel: PanelState): Act {
  const { card } = panel;
  switch (action) {
    case 'hide':
      return () => (panel.back() ? undefined : void panel.hide());
    case 'card_up':
      return () => panel.step(-1);
    case 'card_down':
      return () => panel.step(1);
    case 'map':
      return () => (panel.mapOpen = true);
    case 'pick_move':
      return null;
    default:
      return card ? (actOnCaller(action, digit, card, panel) ?? actOnCall(action, digit, card, panel)) : null;
  }
}

/** What is said of who is calling. */
function actOnCaller(action: Meaning['action'], digit: number | null, card: CardView, panel: PanelState): Act {
  const picks = !panel.finding(card) && isChoice(card);
  switch (action) {
    case 'verified':
      return card.pop.covered.length > 0 ? () => void panel.uncover(card.call) : null;
    case 'create':
      return canFind(card) && !card.pop.customer ? () => panel.find(card).openForm() : null;
    case 'take_back':
      return card.pop.word ? () => void panel.takeBack(card.call) : null;
    case 'search':
      return picks ? () => panel.find(card).openSearch() : null;
    case 'pick': {
      const picked = picks ? card.pop.candidates[(digit ?? 0) - 1] : undefined;
      return picked ? () => void panel.choose(card.call, picked.customer.reference) : null;
    }
    default:
      return null;
  }
}

/** What is made of the call. */
function actOnCall(action: Meaning['action'], digit: number | null, card: CardView, panel: PanelState): Act {
  if (!canWork(card)) return null;
  switch (action) {
    case 'follow_up':
    case 'callback':
      return () => void panel.openFollowUp(card, action);
    case 'ticket':
      return () => panel.openList(card, 'ticket');
    case 'template':
      return panel.afterCall.templates.length > 0 ? () => panel.openList(card, 'templates') : null;
    case 'dispositions':
      return () => panel.openList(card, 'dispositions');
    case 'choice':
      return panel.choiceOf(card, (digit ?? 0) - 1);
    case 'answer': {
      const open = card.state === 'wrap_up' ? null : openSuggestion(card, panel.after(card));
      const answer = ANSWERS[(digit ?? 0) - 1];
      return open && answer ? () => void panel.answer(card, open.product, answer) : null;
    }
    case 'disposition': {
      const chosen = card.state === 'wrap_up' ? panel.afterCall.dispositions[(digit ?? 0) - 1] : undefined;
      return chosen ? () => void panel.toggleDisposition(card, chosen.code) : null;
    }
    case 'save_and_close':
      return card.state === 'wrap_up' ? () => void panel.saveAndClose(card) : null;
    default:
      return null;
  }
}

/** A character that nothing else wants goes to the search; the key itself then lands in the field that has the focus. */
function typed(event: KeyboardEvent, panel: PanelState): void {
  const find = panel.card ? panel.finding(panel.card) : null;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !isField(event.target);
  if (plain && event.key.length === 1 && event.key !== ' ' && find?.step === 'search') find.input?.focus();
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]');
}
