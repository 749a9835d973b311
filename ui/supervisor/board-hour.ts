/* How callers waited in the last hour, as a chart and as the table that says the same. */
import type { LastHourView } from '../generated/LastHourView';
import { clockTime, timeOfDay } from '../shared/format';
import { t, tn } from '../shared/words';
import type { Chart, Drawing, Table } from './chart';
import { count } from './report-words';

const MINUTE = 60_000;

/** A column a minute, in red where somebody had waited longer than the target; in the table, the minutes in which anybody waited. */
export function lastHour({ from, minutes, all, target_seconds: target }: LastHourView): Drawing {
  const n = count(target);
  const labels = minutes.map((_, i) => timeOfDay(new Date(Date.parse(from) + i * MINUTE).toISOString()));
  const waited = ({ waiting, longest_seconds }: LastHourView['all']) => tn('board.hour_waited', waiting, { longest: clockTime(longest_seconds) });
  const chart: Chart = {
    kind: 'bars', labels, unit: 'count', mark: null, height: 118, every: 15,
    series: [
      { name: t('board.hour_within', { n }), look: 'chart-1', values: minutes.map(({ waiting, late }) => (late > 0 ? 0 : waiting)) },
      { name: t('board.hour_over', { n }), look: 'chart-2', values: minutes.map(({ waiting, late }) => (late > 0 ? waiting : 0)) },
    ],
    said: minutes.map((minute, i) => `${labels[i] ?? ''}: ${minute.waiting > 0 ? waited(minute) : t('board.nobody_waits')}`),
  };
  const rows = minutes.flatMap(({ waiting, late, longest_seconds }, i) => (waiting > 0 ? [[labels[i]!, count(waiting), count(late), clockTime(longest_seconds)]] : []));
  const table: Table = { head: [t('board.minute'), t('board.waited'), t('board.waited_late', { n }), t('board.longest')], names: 1, rows };
  const late = all.late > 0 ? tn('board.hour_late', all.late, { target: n }) : '';
  return { id: 'hour', title: t('board.hour'), say: [waited(all), late, t('board.hour_columns')].filter(Boolean).join(' '), chart, table };
}
