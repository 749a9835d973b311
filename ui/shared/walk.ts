/* Where a key leads in a list of rows: arrows, J and K by one, Page by a window, Home and End to its ends. */

export interface Place {
  /** The row that the keyboard is at; none where it is elsewhere. */
  at: number | null;
  count: number;
  /** Rows of a window. */
  page: number;
  /** Whether the keyboard stops at a row. */
  stops: (row: number) => boolean;
}

const STEP: Record<string, 1 | -1> = { ArrowDown: 1, j: 1, PageDown: 1, End: 1, ArrowUp: -1, k: -1, PageUp: -1, Home: -1 };

/** The row, or null when the key is another one or leads nowhere. */
export function walked(event: KeyboardEvent, { at, count, page, stops }: Place): number | null {
  const way = STEP[event.key];
  const target = event.target;
  if (!way || count === 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return null;
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return null;
  if (at === null) return event.key === 'ArrowDown' || event.key === 'j' ? stop(0, 1, count, stops) : null;
  const aims: Record<string, number> = { Home: 0, End: count - 1, PageDown: Math.min(count - 1, at + page), PageUp: Math.max(0, at - page) };
  const aim = aims[event.key];
  // to an end one comes from outside: what does not stop there is passed towards the middle
  if (aim !== undefined) return stop(aim, way, count, stops) ?? stop(aim, way === 1 ? -1 : 1, count, stops);
  return stop(at + way, way, count, stops);
}

/** The first row from `from` on that way where the keyboard stops. */
function stop(from: number, way: 1 | -1, count: number, stops: (row: number) => boolean): number | null {
  for (let row = from; row >= 0 && row < count; row += way) if (stops(row)) return row;
  return null;
}
