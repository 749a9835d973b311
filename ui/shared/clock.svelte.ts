/* One clock for all timers of a page: the time of the last full second. */
class Clock {
  now = $state(Date.now());

  /** Starts ticking at full seconds; gives back what stops it. */
  start(): () => void {
    this.now = Date.now();
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      this.now = Date.now();
      timer = setTimeout(tick, 1000 - (this.now % 1000));
    };
    timer = setTimeout(tick, 1000 - (this.now % 1000));
    return () => clearTimeout(timer);
  }
}

export const clock = new Clock();
