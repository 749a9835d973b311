/* From when on a fact looks old: the panel knows, and every source line below it asks. */
import { getContext, setContext } from 'svelte';

const KEY = Symbol('stale');

/** Keeps the limit, in seconds, for everything below. */
export function keepStaleLimit(seconds: () => number): void {
  setContext(KEY, seconds);
}

/** The limit of the panel this stands in, in seconds. */
export function staleLimit(): () => number {
  return getContext<() => number>(KEY);
}
