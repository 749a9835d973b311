/* Asks for a window as high as the panel would be if nothing in it had to scroll. */

/** Watches `frame` and reports its natural height in whole pixels whenever it changes; gives back what ends it. */
export function fitWindow(frame: HTMLElement, report: (height: number) => void): () => void {
  let last = 0;
  const measure = () => {
    const height = Math.ceil(naturalHeight(frame));
    if (height > 0 && height !== last) report((last = height));
  };
  if (typeof ResizeObserver === 'undefined') return () => undefined;
  const sizes = new ResizeObserver(measure);
  const watch = () => {
    sizes.disconnect();
    sizes.observe(frame);
    for (const element of frame.querySelectorAll(':scope > *, article > *, [data-sized], [data-overlay] > *')) sizes.observe(element);
    measure();
  };
  const parts = new MutationObserver(watch);
  parts.observe(frame, { childList: true, subtree: true });
  watch();
  return () => (sizes.disconnect(), parts.disconnect());
}

function naturalHeight(frame: HTMLElement): number {
  let height = frame.scrollHeight;
  for (const middle of frame.querySelectorAll<HTMLElement>('[data-scrolls]')) height += middle.scrollHeight - middle.clientHeight;
  // The map of keys lies over the panel: the window has to hold both.
  const over = [...frame.querySelectorAll<HTMLElement>('[data-overlay]')].map((overlay) => overlay.scrollHeight);
  return Math.max(height, ...over);
}
