/* The panel's keys. Characters belong to the note while the caret stands in it. */
import type { PanelState } from './panel.svelte';

export function panelKeys(event: KeyboardEvent, panel: PanelState): void {
  const act = actionFor(event, panel);
  if (!act || event.defaultPrevented || event.isComposing) return;
  event.preventDefault();
  act();
}

function actionFor(event: KeyboardEvent, panel: PanelState): (() => void) | null {
  const { key, altKey, shiftKey } = event;
  const ctrl = event.ctrlKey || event.metaKey;
  const card = panel.view.cards.find(({ call }) => call === panel.open);
  if (key === 'Escape') return () => void panel.hide();
  if (altKey && !ctrl && key === 'ArrowUp') return () => panel.step(-1);
  if (altKey && !ctrl && key === 'ArrowDown') return () => panel.step(1);
  if (ctrl && !altKey && key === 'Enter' && card?.state === 'wrap_up') return () => void panel.saveAndClose(card);
  if (!ctrl && !altKey && !shiftKey && /^[1-9]$/.test(key) && !isField(event.target)) {
    const picked = card?.pop.verdict === 'several' ? card.pop.candidates[Number(key) - 1] : undefined;
    if (card && picked) return () => void panel.choose(card.call, picked.customer.reference);
  }
  return null;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}
