/* Whether somebody is at this window: a key, a press, the wheel, or a pointer that moves. */

export type Stop = () => void;

/** Tells of every sign of somebody until it is stopped. A pointer that rests where a window comes up below it is nobody's. */
export function watchPresence(seen: () => void): Stop {
  let place: string | null = null;
  const moved = ({ screenX, screenY }: PointerEvent) => {
    const before = place;
    place = `${screenX} ${screenY}`;
    if (before !== null && before !== place) seen();
  };
  const signs = ['pointerdown', 'keydown', 'wheel'] as const;
  for (const sign of signs) window.addEventListener(sign, seen, { passive: true, capture: true });
  window.addEventListener('pointermove', moved, { passive: true });
  return () => {
    for (const sign of signs) window.removeEventListener(sign, seen, { capture: true });
    window.removeEventListener('pointermove', moved);
  };
}

/** `tell`, at once and then no more often than every `pace` milliseconds. */
export function atMostEvery(pace: number, tell: () => void): () => void {
  let last = -Infinity;
  return () => {
    const now = Date.now();
    // a clock that was set back starts anew
    if (now >= last && now - last < pace) return;
    last = now;
    tell();
  };
}
