/* jsdom lays nothing out, so nothing ever changes its size: an observer of sizes has nothing to report. */
class NothingToObserve implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.ResizeObserver ??= NothingToObserve;
