/* The queue that the board is of: kept while the window is open, and what of the board is of it. */
import type { BoardView } from '../generated/BoardView';

const KEPT = 'ringside-board-queue';

/** The queue that was chosen last; empty for all. */
export function keptQueue(): string {
  try {
    return sessionStorage.getItem(KEPT) ?? '';
  } catch {
    return '';
  }
}

export function keepQueue(queue: string): void {
  try {
    sessionStorage.setItem(KEPT, queue);
  } catch {
    // where nothing can be kept, the page has it as long as it is open
  }
}

/** The board of one queue, or of all when `queue` is empty. Of an agent nobody tells which queues are theirs: all stay. */
export function ofQueue(view: BoardView, queue: string): BoardView {
  if (queue === '') return view;
  return {
    ...view,
    waiting: view.waiting.filter((one) => one.queue === queue),
    missed: view.missed.filter((one) => one.queue === queue),
    reached: view.queues.find((one) => one.queue === queue)?.reached ?? 0,
  };
}

/** Every queue that can be chosen: those of the board and of the report, and the one that is chosen, whatever became of it. */
export function queuesOf(view: BoardView | null, reported: string[], chosen: string): string[] {
  const all = new Set([...(view?.queues ?? []).map(({ queue }) => queue), ...reported, chosen]);
  all.delete('');
  return [...all].sort((one, other) => one.localeCompare(other));
}
