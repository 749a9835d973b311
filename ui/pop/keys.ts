/* What the panel does with a key. Characters belong to the note while the caret stands in it. */
import { canFind, isChoice } from './card-words';
import { actionOf } from './keymap';
import type { PanelState } from './panel.svelte';

export function panelKeys(event: KeyboardEvent, panel: PanelState): void {
  // The map has keys of its own while it is open.
  if (panel.mapOpen || event.defaultPrevented || event.isComposing) return;
  const act = actFor(event, panel);
  if (!act) return;
  event.preventDefault();
  act();
}

function actFor(event: KeyboardEvent, panel: PanelState): (() => void) | null {
  const card = panel.card;
  const find = card ? panel.finding(card) : null;
  const inField = isField(event.target);
  const picks = card && !inField && !find && isChoice(card);
  switch (actionOf(event)) {
    case 'hide':
      // In the note there is no search to leave.
      return card && find && !panel.isWriting(card.call) ? () => find.back() : () => void panel.hide();
    case 'card_up':
      return () => panel.step(-1);
    case 'card_down':
      return () => panel.step(1);
    case 'map':
      return event.key === '?' && inField ? null : () => (panel.mapOpen = true);
    case 'verified':
      return card && card.pop.covered.length > 0 ? () => void panel.uncover(card.call) : null;
    case 'create':
      return card && canFind(card) && !card.pop.customer ? () => panel.find(card).openForm() : null;
    case 'take_back':
      return card?.pop.word ? () => void panel.takeBack(card.call) : null;
    case 'save_and_close':
      return card?.state === 'wrap_up' ? () => void panel.saveAndClose(card) : null;
    case 'search':
      return card && picks ? () => panel.find(card).openSearch() : typed(event, panel);
    case 'pick': {
      const picked = picks ? card.pop.candidates[Number(event.key) - 1] : undefined;
      return card && picked ? () => void panel.choose(card.call, picked.customer.reference) : typed(event, panel);
    }
    case 'pick_move':
    case null:
      return typed(event, panel);
  }
}

/** A character that nothing else wants goes to the search; the key itself then lands in the field that has the focus. */
function typed(event: KeyboardEvent, panel: PanelState): null {
  const find = panel.card ? panel.finding(panel.card) : null;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !isField(event.target);
  if (plain && event.key.length === 1 && event.key !== ' ' && find?.step === 'search') find.input?.focus();
  return null;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type=checkbox]), textarea, select, [contenteditable]');
}
