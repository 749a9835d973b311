/* A busy moment of the demonstration. */
import type { AgentState } from '../generated/AgentState';
import type { AgentView } from '../generated/AgentView';
import type { BoardView } from '../generated/BoardView';
import type { FeedHeardView } from '../generated/FeedHeardView';
import type { LastHourView } from '../generated/LastHourView';
import type { TodayView } from '../generated/TodayView';
import type { WithView } from '../generated/WithView';
import { iso, PEOPLE } from './people';

const NAMES: Record<string, string> = { 101: 'Marta Horvat', 102: 'Tea Marić', 103: 'Petr Kučera', 104: 'Åsa Nyström', 105: 'Íñigo Agirre', 106: 'Zofia Król', 107: 'Ivo Pavić' };
const customer = (person: (typeof PEOPLE)[keyof typeof PEOPLE], number: string): WithView => ({ name: person.name, company: person.company, number, customer: person.reference, extension: null });
const stranger = (number: string | null): WithView => ({ name: null, company: null, number, customer: null, extension: null });

/** The board with the missed callers of the day. */
export function demoBoard(now: number, day: TodayView): BoardView {
  const agent = (extension: string, state: AgentState, ago: number | null, talks: WithView | null = null): AgentView => ({
    extension, name: NAMES[extension] ?? null, state, since: ago === null ? null : iso(now - ago * 1000), with: talks,
  });
  const waiting = (call: string, ago: number, queue: string | null, caller: WithView, ringing: string[] = []) => ({ call, since: iso(now - ago * 1000), queue, ringing, caller });
  return {
    at: iso(now), target_seconds: 20, goal_percent: 80,
    agents: [
      agent('102', 'talking', 760, customer(PEOPLE.cagla, '+49 221 5550 162')),
      agent('101', 'talking', 252, customer(PEOPLE.soren, '+45 86 55 50 14')),
      agent('103', 'talking', 51, { ...stranger(null), name: NAMES['104']!, extension: '104' }),
      agent('104', 'held', 22, stranger('+351 21 555 0142')),
      agent('105', 'ringing', 6, customer(PEOPLE.anais, '+33 1 99 00 41 17')),
      agent('107', 'do_not_disturb', 1330),
      agent('106', 'free', 18),
      agent('108', 'unknown', null),
    ],
    waiting: [
      waiting('wait-1', 102, 'Sales line', customer(PEOPLE.maria, '+34 941 555 162')),
      waiting('wait-2', 48, 'Sales line', stranger(null)),
      waiting('wait-3', 7, null, customer(PEOPLE.anais, '+33 1 99 00 41 17'), ['105']),
    ],
    missed: day.missed.map((person, i) => ({ person, queue: i === 1 ? 'Orders' : 'Sales line', talks_with: person.customer?.reference === PEOPLE.cagla.reference ? '102' : null })),
    reached: day.reached,
    queues: [{ queue: 'Orders', reached: Math.min(1, day.reached) }, { queue: 'Sales line', reached: Math.max(0, day.reached - 1) }],
  };
}

/** Callers who waited in the minutes of the last hour, and the longest they had waited. */
const HOUR: Record<number, [waiting: number, longest: number]> = {
  2: [1, 9], 3: [1, 12], 7: [1, 6], 8: [2, 14], 9: [1, 17], 10: [1, 4], 15: [1, 8], 16: [1, 11], 17: [2, 16], 18: [2, 19], 19: [1, 13], 22: [1, 5], 27: [1, 9], 28: [1, 15], 31: [2, 18], 32: [3, 41],
  33: [4, 70], 34: [3, 66], 35: [2, 20], 36: [1, 12], 37: [1, 7], 41: [1, 10], 44: [1, 6], 45: [1, 14], 50: [1, 9], 51: [2, 17], 52: [1, 8], 55: [1, 5], 56: [1, 12], 57: [2, 19], 58: [3, 45], 59: [3, 102],
};

/** The last hour of the demonstration; nobody waits in one of its queues but for a few minutes. */
export function demoHour(queue: string, now: number): LastHourView {
  const minutes = Array.from({ length: 60 }, (_, i) => {
    const [waiting, longest_seconds] = (queue === 'Orders' && i % 4 > 0 ? undefined : HOUR[i]) ?? [0, 0];
    return { waiting, late: longest_seconds > 20 ? Math.max(1, waiting - 1) : 0, longest_seconds };
  });
  const most = Math.max(...minutes.map((one) => one.longest_seconds));
  const late = minutes.filter((one) => one.late > 0).length;
  return { from: iso(Math.floor(now / 60_000) * 60_000 - 59 * 60_000), target_seconds: 20, minutes, all: { waiting: minutes.filter(({ waiting }) => waiting > 0).length, late, longest_seconds: most } };
}

/** Who sits at an extension of the demonstration. */
export const demoName = (extension: string) => NAMES[extension] ?? null;

/** A telephone exchange that is asked every few seconds whether it is still there. */
export function demoHeard(now: number): FeedHeardView[] {
  return [{ feed: 'asterisk', at: iso(now - (now % 5_000)) }];
}
