/*
 * Which rows of a long list stand on the screen: only these are drawn, between two spaces as high as the others would be.
 * A row is as high as it was last measured, else as the list says. More rows are drawn than are seen, so that none is blank
 * while one scrolls. Where nothing is laid out (a test), as many are drawn as fit into a usual window. Keys go through the
 * rows, also to those that are not drawn.
 */
import { tick, untrack } from 'svelte';
import { walked } from './walk';

/** As high as the token `--row`. */
export const ROW = 34;
/** Rows drawn before and behind those that are seen. */
const MORE = 16;
/** As high as a usual window, and as a heading that stays at its top, in pixels. */
const USUAL = 700;
const HEAD = 30;

export interface ListOptions {
  /** Is told of the rows that are drawn whenever they are others. */
  seen?: (from: number, to: number) => void;
  /** How high a row is that was not measured yet. */
  height?: (row: number) => number;
  /** Rows of one such height are all as high as the first of them that is measured, unless one is measured as another. */
  even?: boolean;
  /** What a row is known by when others come before it. */
  key?: (row: number) => string | number;
  /** Whether the keyboard stops at a row. */
  stops?: (row: number) => boolean;
}

export class VirtualRows {
  /** The first row that is drawn, the one behind the last, and the space before and behind them in pixels. */
  part = $state.raw({ from: 0, to: 0, before: 0, after: 0 });
  /** The row that the keyboard was at last. */
  current = $state(0);

  readonly #options: Required<ListOptions>;
  readonly #measured = new Map<string | number, number>();
  /** What rows that should be so high turned out to be. */
  readonly #real = new Map<number, number>();
  /** Where each row begins, and behind them where the last one ends. */
  #tops: number[] = [0];
  #count = 0;
  #scroller: HTMLElement | null = null;
  #rows: HTMLElement | null = null;
  #sizes: ResizeObserver | null = null;

  constructor(options: ListOptions = {}) {
    this.#options = { seen: () => undefined, height: () => ROW, even: true, key: (row) => row, stops: () => true, ...options };
  }

  /** Draws within `scroller`, which has a position of its own. */
  mount(scroller: HTMLElement): () => void {
    this.#scroller = scroller;
    if (scroller.tabIndex < 0) scroller.tabIndex = -1;
    const look = () => this.#look();
    scroller.addEventListener('scroll', look, { passive: true });
    const size = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(look);
    size?.observe(scroller);
    this.#look();
    return () => {
      scroller.removeEventListener('scroll', look);
      size?.disconnect();
      this.#sizes?.disconnect();
      this.#scroller = null;
    };
  }

  /** An attachment: the element that has the rows and the spaces, and nothing else. */
  readonly rows = (element: HTMLElement): (() => void) => {
    this.#rows = element;
    this.#look();
    return () => {
      if (this.#rows === element) this.#rows = null;
    };
  };

  /** An attachment: the drawn row, whose height counts from now on. Its attribute `data-index` says which it is. */
  readonly row = (element: HTMLElement): (() => void) | void => {
    if (typeof ResizeObserver === 'undefined') return;
    this.#sizes ??= new ResizeObserver((entries) => this.#measure(entries.map(({ target }) => target as HTMLElement)));
    this.#sizes.observe(element);
    return () => this.#sizes?.unobserve(element);
  };

  /** So many rows there are; also to be said when others stand in their places. */
  count(count: number): void {
    this.#count = count;
    this.#lay(0);
    untrack(() => (this.current = Math.max(0, Math.min(this.current, count - 1))));
    this.#look();
  }

  /** The one row that Tab comes to. */
  get tab(): number {
    const { from, to } = this.part;
    if (this.current >= from && this.current < to && this.#options.stops(this.current)) return this.current;
    for (let row = from; row < to; row += 1) if (this.#options.stops(row)) return row;
    return from;
  }

  /** Scrolls no more than needed for the row to be seen as a whole. */
  show(row: number): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    const margin = this.#margin();
    const [top, end] = [margin + this.#tops[row]!, margin + this.#tops[row + 1]!];
    const height = scroller.clientHeight || USUAL;
    if (top - HEAD < scroller.scrollTop) scroller.scrollTop = row === 0 ? 0 : Math.max(0, top - HEAD);
    else if (end > scroller.scrollTop + height) scroller.scrollTop = end - height;
    this.#look();
  }

  /** A key goes through the rows: where it leads, the element with that `data-row` gets the keyboard. */
  readonly key = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(((this.#scroller?.clientHeight || USUAL) - HEAD) / ROW) - 1);
    const to = walked(event, { at: this.#at(), count: this.#count, page, stops: this.#options.stops });
    if (to === null) return;
    event.preventDefault();
    void this.focus(to);
  };

  async focus(row: number): Promise<void> {
    this.current = row;
    this.show(row);
    await tick();
    this.#scroller?.querySelector<HTMLElement>(`[data-row="${row}"]`)?.focus({ preventScroll: true });
  }

  /** The row that the keyboard is at; none where it is elsewhere. */
  #at(): number | null {
    const active = document.activeElement;
    if (active === this.#scroller && active !== null) return this.current;
    const row = active instanceof HTMLElement && this.#scroller?.contains(active) ? active.closest<HTMLElement>('[data-index]')?.dataset.index : undefined;
    return row === undefined ? null : Number(row);
  }

  /** How far below the top of what is scrolled the rows begin. */
  #margin(): number {
    let top = 0;
    for (let element: Element | null = this.#rows; element instanceof HTMLElement && element !== this.#scroller; element = element.offsetParent) top += element.offsetTop;
    return top;
  }

  /** Lays the rows from `first` on one below the other. */
  #lay(first: number): void {
    const tops = this.#tops;
    tops.length = this.#count + 1;
    for (let row = first; row < this.#count; row += 1) tops[row + 1] = tops[row]! + ((this.#measured.size > 0 && this.#measured.get(this.#options.key(row))) || this.#usual(row));
  }

  /** As high as a row is that was not measured. */
  #usual(row: number): number {
    const height = this.#options.height(row);
    return this.#real.get(height) ?? height;
  }

  #measure(elements: HTMLElement[]): void {
    const scroller = this.#scroller;
    let [first, moved] = [this.#count, 0];
    const seen = (scroller?.scrollTop ?? 0) - this.#margin();
    for (const element of elements) {
      const [row, height] = [Number(element.dataset.index), element.offsetHeight];
      if (!element.isConnected || height === 0 || !(row < this.#count)) continue;
      const [before, thought] = [this.#tops[row + 1]! - this.#tops[row]!, this.#options.height(row)];
      if (this.#options.even && !this.#real.has(thought)) {
        this.#real.set(thought, height);
        if (height !== thought) first = 0;
      }
      if (before === height) continue;
      if (this.#usual(row) === height) this.#measured.delete(this.#options.key(row));
      else this.#measured.set(this.#options.key(row), height);
      first = Math.min(first, row);
      // what is seen stays where it is when something above it grows
      if (this.#tops[row + 1]! <= seen) moved += height - before;
    }
    if (first === this.#count) return;
    this.#lay(first);
    if (moved !== 0 && scroller) scroller.scrollTop += moved;
    this.#look();
  }

  /** The row at a height, by halves. */
  #rowAt(y: number): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#tops[middle + 1]! <= y) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #look(): void {
    // what is looked at here is no reason to look again
    untrack(() => this.#draw());
  }

  #draw(): void {
    const top = (this.#scroller?.scrollTop ?? 0) - this.#margin();
    const height = this.#scroller?.clientHeight || USUAL;
    const from = Math.max(0, this.#rowAt(top) - MORE);
    const to = Math.min(this.#count, this.#rowAt(top + height) + 1 + MORE);
    const [before, after] = [this.#tops[from]!, this.#tops[this.#count]! - this.#tops[to]!];
    const { part } = this;
    if (part.from === from && part.to === to && part.before === before && part.after === after) return;
    const at = this.#at();
    // the keyboard stays in the list when the row that has it is drawn no more
    if (at !== null && (at < from || at >= to) && at < this.#count) {
      this.current = at;
      this.#scroller?.focus({ preventScroll: true });
    } else if (at !== null) this.current = at;
    this.part = { from, to, before, after };
    this.#options.seen(from, to);
  }
}
