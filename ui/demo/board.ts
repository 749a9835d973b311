/* A busy moment of the demonstration. */
import type { AgentState } from '../generated/AgentState';
import type { AgentView } from '../generated/AgentView';
import type { BoardView } from '../generated/BoardView';
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
    at: iso(now), target_seconds: 20,
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
    missed: day.missed.map((person) => ({ person, talks_with: person.customer?.reference === PEOPLE.cagla.reference ? '102' : null })),
    reached: day.reached,
  };
}

/** Who sits at an extension of the demonstration. */
export const demoName = (extension: string) => NAMES[extension] ?? null;
