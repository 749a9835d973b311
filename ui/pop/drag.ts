/*
 * Dragging the panel by a band or a line without a button: the window follows the pointer once it has moved a little, so that
 * a press alone stays a press.
 */

/** What the panel is dragged by. */
const HANDLE = '.band, .missed, .idle, .banner';
const NOT = 'button, a, input, textarea, select, summary, label, [role="option"]';
/** A hand that presses moves by less, CSS pixels. */
const STILL = 4;

/** Begins `drag` when the pointer is pressed on a handle in `frame` and moves; gives back what ends it. */
export function dragging(frame: HTMLElement, drag: () => void): () => void {
  let from: { x: number; y: number } | null = null;
  const press = (event: PointerEvent) => {
    const on = event.target as Element;
    from = event.button === 0 && on.closest(HANDLE) && !on.closest(NOT) ? { x: event.clientX, y: event.clientY } : null;
  };
  const move = (event: PointerEvent) => {
    if (!from || Math.hypot(event.clientX - from.x, event.clientY - from.y) < STILL) return;
    from = null;
    drag();
  };
  const release = () => void (from = null);
  frame.addEventListener('pointerdown', press);
  // a quick hand has left the frame by the first move
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', release);
  return () => {
    frame.removeEventListener('pointerdown', press);
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', release);
  };
}
