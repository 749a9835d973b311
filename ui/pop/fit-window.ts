/*
 * Asks for a window as high as the panel would be if nothing in it had to scroll.
 *
 * The panel is laid out at the height that it will have, not at the one that the window has at the moment: a window
 * that comes up small uncovers what stands below and moves nothing.
 */

/** What the window leaves free of the screen above and below, in pixels. */
const MARGINS = 32;

/** How long an empty panel keeps the window's height, in milliseconds: mostly it goes out of view, and comes back full. */
const KEEP = 300;

/**
 * Watches `frame`, asks for its natural height in whole pixels whenever that changes, and takes the height that `ask`
 * grants for the most that it may have; gives back what ends it. While `empty`, only a panel that stays in view is fitted.
 */
export function fitWindow(frame: HTMLElement, ask: (height: number) => Promise<number>, empty: () => boolean): () => void {
  let last = 0;
  let later: ReturnType<typeof setTimeout> | undefined;
  let room = screen.availHeight - MARGINS;
  const limit = (height: number) => {
    room = height;
    frame.style.setProperty('--room', `${height}px`);
  };
  const changed = () => {
    clearTimeout(later);
    if (empty()) later = setTimeout(() => document.hidden || measure(), KEEP);
    else measure();
  };
  const measure = () => {
    const height = Math.ceil(naturalHeight(frame));
    if (height <= 0 || height === last) return;
    last = height;
    void ask(height).then((granted) => limit(granted < height ? granted : Math.max(room, granted)), () => undefined);
  };
  if (typeof ResizeObserver === 'undefined') return () => undefined;
  if (room > 0) limit(room);
  // Whoever makes the window higher gives the room for it.
  const grown = () => innerHeight > room && limit(innerHeight);
  addEventListener('resize', grown);
  // A full panel that comes in view is reported by its sizes, once it is laid out.
  const seen = () => empty() && changed();
  document.addEventListener('visibilitychange', seen);
  const sizes = new ResizeObserver(changed);
  // What is observed anew is reported once it is laid out. Measured here, a new card would be laid out before its frame.
  const watch = () => {
    sizes.disconnect();
    sizes.observe(frame);
    for (const element of frame.querySelectorAll(':scope > *, article > *, [data-sized], [data-overlay] > *')) sizes.observe(element);
  };
  const parts = new MutationObserver(watch);
  parts.observe(frame, { childList: true, subtree: true });
  watch();
  return () => {
    clearTimeout(later);
    sizes.disconnect();
    parts.disconnect();
    removeEventListener('resize', grown);
    document.removeEventListener('visibilitychange', seen);
  };
}

function naturalHeight(frame: HTMLElement): number {
  let height = frame.scrollHeight;
  for (const middle of frame.querySelectorAll<HTMLElement>('[data-scrolls]')) height += middle.scrollHeight - middle.clientHeight;
  // The map of keys lies over the panel: the window has to hold both.
  const over = [...frame.querySelectorAll<HTMLElement>('[data-overlay]')].map((overlay) => overlay.scrollHeight);
  return Math.max(height, ...over);
}
