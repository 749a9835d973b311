/* Missed calls as the panel shows them: one line for each number, with how often it rang today. */
import type { MissedView } from '../generated/MissedView';
import { sameDay } from '../shared/format';

export interface MissedLine {
  /** The latest call. */
  latest: MissedView;
  /** All calls of the number, the latest first. */
  calls: string[];
  /** How many of them were today. */
  today: number;
}

/** One line for each number, in the order of their latest calls. Withheld calls stay apart: nobody knows whose they are. */
export function missedLines(missed: MissedView[], now: number): MissedLine[] {
  const lines = new Map<string, MissedLine>();
  for (const call of missed) {
    const key = call.number ?? `withheld ${call.call}`;
    const line = lines.get(key) ?? { latest: call, calls: [], today: 0 };
    line.calls.push(call.call);
    if (sameDay(call.at, now)) line.today += 1;
    lines.set(key, line);
  }
  return [...lines.values()];
}
