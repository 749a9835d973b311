/*
 * Says the size of an element after it was laid out and before it is painted. Asking an element for its size at any other
 * moment has the whole page laid out at once, which is most of what a pop costs.
 */

/** Attached to an element: tells its width or height without padding, in pixels, at first and whenever that changes. */
export const resized = (side: 'width' | 'height', hear: (size: number) => void) => (element: Element) => {
  let last = 0;
  const sizes = new ResizeObserver((entries) => {
    const size = entries[entries.length - 1]?.contentRect[side] ?? 0;
    // Out of view it has none.
    if (size === 0 || size === last) return;
    last = size;
    hear(size);
  });
  sizes.observe(element);
  return () => sizes.disconnect();
};
