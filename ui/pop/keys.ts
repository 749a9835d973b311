/* The panel's keys. Characters belong to the note while the caret stands in it. */
import { canFind, isChoice } from './card-words';
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
  const find = card ? panel.finding(card) : null;
  if (key === 'Escape') return find ? () => find.back() : () => void panel.hide();
  if (card && altKey && !ctrl && isLetter(event, 'c') && canFind(card) && !card.pop.customer) return () => panel.find(card).openForm();
  if (card && altKey && !ctrl && isLetter(event, 'z') && card.pop.word) return () => void panel.takeBack(card.call);
  if (altKey && !ctrl && key === 'ArrowUp') return () => panel.step(-1);
  if (altKey && !ctrl && key === 'ArrowDown') return () => panel.step(1);
  if (ctrl && !altKey && key === 'Enter' && card?.state === 'wrap_up') return () => void panel.saveAndClose(card);
  if (!ctrl && !altKey && !shiftKey && /^[1-9]$/.test(key) && !isField(event.target)) {
    const picked = card && isChoice(card) && !find ? card.pop.candidates[Number(key) - 1] : undefined;
    if (card && picked) return () => void panel.choose(card.call, picked.customer.reference);
  }
  if (ctrl || altKey || isField(event.target)) return null;
  if (key === '0' && card && isChoice(card) && !find) return () => panel.find(card).openSearch();
  // The key itself then lands in the field that has the focus.
  if (key.length === 1 && key !== ' ' && find?.step === 'search') find.input?.focus();
  return null;
}

/** Whether the key is this letter, also where Alt makes it another. */
function isLetter({ key, code }: KeyboardEvent, letter: string): boolean {
  return key.toLowerCase() === letter || (!/^[a-z]$/i.test(key) && code === `Key${letter.toUpperCase()}`);
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}
