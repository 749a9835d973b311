/*
 * Keys that were meant for another window must decide nothing here: for the first moments after the
 * keyboard arrives, no key reaches the panel.
 */

/** How long keys are ignored after focus arrives, in milliseconds (the token `--d-guard`). */
export const GUARD = 450;

/** Guards a window; gives back what ends it. */
export function guardKeys(target: Window, clock: () => number = () => performance.now()): () => void {
  let until = Number.NEGATIVE_INFINITY;
  // The focus of an element does not bubble up to the window: this is the window's own.
  const arrive = () => {
    until = clock() + GUARD;
  };
  const stop = (event: Event) => {
    if (clock() >= until) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const kinds = ['keydown', 'keypress', 'keyup', 'beforeinput', 'paste'];
  target.addEventListener('focus', arrive);
  for (const kind of kinds) target.addEventListener(kind, stop, true);
  return () => {
    target.removeEventListener('focus', arrive);
    for (const kind of kinds) target.removeEventListener(kind, stop, true);
  };
}
