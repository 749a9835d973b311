/* A working day of the demonstration. */
import type { CallLogRow } from '../generated/CallLogRow';
import type { TaskView } from '../generated/TaskView';
import type { TodayView } from '../generated/TodayView';
import { DAY, iso, MINUTE, PEOPLE } from './people';

/** What is to be done and who is to be rung back, with the calls of `log` that are of today. */
export function demoToday(now: number, log: CallLogRow[]): TodayView {
  const task = (id: number, customer: TaskView['customer'], text: string, due: number, days: number, mine = true): TaskView => ({
    id, todo: id % 2 ? 'follow_up' : 'callback', text, customer, number: '+49 30 23125 118', due: iso(now + due * MINUTE), planned: iso(now - days * DAY), line: mine ? '101' : '102', mine,
  });
  const missed = (call: string, customer: TaskView['customer'], number: string, ago: number, times: number, tried: number) => ({
    call, customer, number, first: iso(now - (ago + 20 * (times - 1)) * MINUTE), last: iso(now - ago * MINUTE), times, waited_seconds: 22 + 12 * times, tried, given: null,
  });
  return {
    tasks: [
      task(1, PEOPLE.jurgen, 'Ring about the unpaid invoice 2198', -900, 9),
      task(2, PEOPLE.bozena, 'Call back with the delivery day for 6 cases of olive oil', 20, 5),
      task(3, PEOPLE.soren, 'Confirm 40 boxes for 4 December', 95, 2),
      task(4, PEOPLE.anais, '', 240, 0),
      task(5, PEOPLE.cagla, 'Send new price list for cheese', 3 * 1440, 1, false),
    ],
    missed: [missed('missed-1', PEOPLE.cagla, '+49 221 5550 162', 66, 3, 2), missed('missed-2', PEOPLE.kathe, '+49 331 5550 27', 44, 1, 0), missed('missed-3', null, '+49 30 23125 417', 32, 1, 0)],
    reached: 4,
    calls: log.filter(({ at }) => new Date(at).toDateString() === new Date(now).toDateString()),
    unfinished: log.filter(({ outcome, note, disposition, direction }) => outcome === 'answered' && direction === 'in' && !note && !disposition).slice(0, 2),
  };
}
