/*
 * Which rows of a long list stand on the screen: only these are drawn, between two spaces as high as the others would be.
 * Rows have one height. Where nothing is laid out (a test), as many are drawn as fit into a usual window.
 */
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';

/** As high as the token `--row`. */
export const ROW = 34;
const USUAL = { width: 800, height: 700 };

export class VirtualRows {
  /** The first row that is drawn, the one behind the last, and the space before and behind them in pixels. */
  part = $state.raw({ from: 0, to: 0, before: 0, after: 0 });

  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  #scroller: HTMLElement | null = null;
  readonly #seen: (from: number, to: number) => void;

  /** `seen` is told of the rows that are drawn whenever they are others. */
  constructor(seen: (from: number, to: number) => void = () => undefined) {
    this.#seen = seen;
    this.#virtualizer = new Virtualizer<HTMLElement, HTMLElement>({
      count: 0,
      getScrollElement: () => this.#scroller,
      estimateSize: () => ROW,
      scrollToFn: elementScroll,
      observeElementRect: (instance, tell) => observeElementRect(instance, (rect) => tell(rect.height > 0 ? rect : USUAL)),
      observeElementOffset,
      initialRect: USUAL,
      overscan: 12,
      onChange: () => this.#look(),
    });
  }

  /** Draws within `scroller`, whose rows begin `margin` pixels below its top. */
  mount(scroller: HTMLElement): () => void {
    this.#scroller = scroller;
    const end = this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
    this.#look();
    return end;
  }

  count(count: number, margin: number): void {
    this.#virtualizer.setOptions({ ...this.#virtualizer.options, count, scrollMargin: margin });
    this.#virtualizer._willUpdate();
    this.#look();
  }

  show(row: number): void {
    this.#virtualizer.scrollToIndex(row);
  }

  #look(): void {
    const items = this.#virtualizer.getVirtualItems();
    const [first, last] = [items[0], items.at(-1)];
    const { count, scrollMargin } = this.#virtualizer.options;
    const from = first?.index ?? 0;
    const to = last ? last.index + 1 : 0;
    const before = first ? first.start - scrollMargin : 0;
    this.part = { from, to, before, after: (count - to) * ROW };
    this.#seen(from, to);
  }
}
