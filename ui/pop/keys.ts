/* What the panel does with a key. Characters belong to the note while the caret stands in it. */
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
  switch (actionOf(event)) {
    case 'hide':
      return () => void panel.hide();
    case 'card_up':
      return () => panel.step(-1);
    case 'card_down':
      return () => panel.step(1);
    case 'map':
      return event.key === '?' && isField(event.target) ? null : () => (panel.mapOpen = true);
    case 'verified':
      return card && card.pop.covered.length > 0 ? () => void panel.uncover(card.call) : null;
    case 'save_and_close':
      return card?.state === 'wrap_up' ? () => void panel.saveAndClose(card) : null;
    case 'pick': {
      const picked = card?.pop.verdict === 'several' && !isField(event.target) ? card.pop.candidates[Number(event.key) - 1] : undefined;
      return card && picked ? () => void panel.choose(card.call, picked.customer.reference) : null;
    }
    case 'pick_move':
    case null:
      return null;
  }
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type=checkbox]), textarea, select, [contenteditable]');
}
