/* The charts of a report, each with the table that says the same. */
import type { BandsView } from '../generated/BandsView';
import type { CellView } from '../generated/CellView';
import type { ReportView } from '../generated/ReportView';
import { clockTime } from '../shared/format';
import { t, tn } from '../shared/words';
import type { Chart, Drawing, Table } from './chart';
import { bandName, calendarDay, count, share, weekdayName } from './report-words';

const NONE: CellView = { offered: 0, answered: 0, in_vain: 0, service_level: null };
const CELL = () => [t('report.calls'), t('report.answered'), t('report.in_vain'), t('report.level')];
const cells = ({ offered, answered, in_vain, service_level }: CellView) => [count(offered), count(answered), count(in_vain), share(service_level)];

function volume(labels: string[], calls: CellView[]): Chart {
  const series = [
    { name: t('report.answered'), look: 'chart-1' as const, values: calls.map(({ answered }) => answered) },
    { name: t('report.in_vain'), look: 'chart-2' as const, values: calls.map(({ in_vain }) => in_vain) },
  ];
  return { kind: 'bars', labels, series, unit: 'count', mark: null };
}

/** Without the share that cannot be summed up. */
function sum(all: CellView[]): CellView {
  return all.reduce((one, other) => ({ offered: one.offered + other.offered, answered: one.answered + other.answered, in_vain: one.in_vain + other.in_vain, service_level: null }), NONE);
}

/** By hour of the clock; of one weekday, or of all when it is null. From the first hour with a call to the last. */
export function byHour({ hours }: ReportView, weekday: number | null): Drawing {
  const of = hours.filter((one) => weekday === null || one.weekday === weekday);
  const [first, last] = [Math.min(...of.map(({ hour }) => hour)), Math.max(...of.map(({ hour }) => hour))];
  const places = of.length === 0 ? [] : Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const at = (hour: number) => of.filter((one) => one.hour === hour).map(({ calls }) => calls);
  // one hour of one weekday has a service level of its own; of several together only counts are said
  const calls = places.map((hour) => (at(hour).length === 1 ? at(hour)[0]! : sum(at(hour))));
  const rows = places.map((hour, i) => [`${hour}–${hour + 1}`, ...cells(calls[i]!).slice(0, weekday === null ? 3 : 4)]);
  const table: Table = { head: [t('report.hour'), ...CELL().slice(0, weekday === null ? 3 : 4)], names: 1, rows };
  return { id: 'hours', title: t('report.by_hour'), say: t('report.by_hour_say'), chart: volume(places.map(String), calls), table };
}

export function byWeekday({ hours }: ReportView): Drawing {
  const calls = Array.from({ length: 7 }, (_, weekday) => sum(hours.filter((one) => one.weekday === weekday).map((one) => one.calls)));
  const rows = calls.map((one, weekday) => [weekdayName(weekday, 'long'), ...cells(one).slice(0, 3)]);
  const table: Table = { head: [t('report.weekday'), ...CELL().slice(0, 3)], names: 1, rows };
  return { id: 'weekdays', title: t('report.by_weekday'), say: t('report.by_weekday_say'), chart: volume(calls.map((_, i) => weekdayName(i, 'short')), calls), table };
}

function dayTable({ days }: ReportView): Table {
  return { head: [t('report.day'), ...CELL()], names: 1, rows: days.map(({ day, calls }) => [calendarDay(day, 'long'), ...cells(calls)]) };
}

export function byDay(report: ReportView): Drawing {
  const labels = report.days.map(({ day }) => calendarDay(day, 'short'));
  return { id: 'days', title: t('report.by_day'), say: t('report.by_day_say'), chart: volume(labels, report.days.map(({ calls }) => calls)), table: dayTable(report) };
}

export function levels(report: ReportView): Drawing {
  const series = [{ name: t('report.level'), look: 'chart-1' as const, values: report.days.map(({ calls }) => calls.service_level) }];
  const chart: Chart = { kind: 'line', labels: report.days.map(({ day }) => calendarDay(day, 'short')), series, unit: 'share', mark: null };
  return { id: 'levels', title: t('report.level_by_day'), say: t('report.level_say', { time: count(report.target_seconds) }), chart, table: dayTable(report) };
}

function bands(id: string, title: string, head: string, view: BandsView, unit: 's' | 'min', median: number | null): Drawing {
  const names = view.counts.map((_, i) => bandName(view.bounds, i, unit));
  const all = view.counts.reduce((one, other) => one + other, 0);
  const mark = median === null ? null : { at: place(view.bounds, median), words: t('report.half', { time: clockTime(median) }) };
  const chart: Chart = { kind: 'bars', labels: view.counts.map((_, i) => edge(view.bounds, i, unit)), series: [{ name: t('report.calls'), look: 'chart-1', values: view.counts }], unit: 'count', mark };
  const table: Table = { head: [head, t('report.calls')], names: 1, rows: names.map((name, i) => [name, count(view.counts[i] ?? 0)]) };
  return { id, title, say: [tn('report.of_calls', all), ...(mark ? [mark.words] : [])].join(' '), chart, table };
}

/** Where a value lies among the bands, in bands from the left; a band is as wide as any other. */
export function place(bounds: number[], value: number): number {
  const at = bounds.findIndex((bound) => value < bound);
  if (at < 0) return bounds.length;
  const low = bounds[at - 1] ?? 0;
  return at + (value - low) / (bounds[at]! - low);
}

function edge(bounds: number[], at: number, unit: 's' | 'min'): string {
  const divided = (seconds: number) => count(unit === 's' ? seconds : seconds / 60);
  return at < bounds.length ? `< ${divided(bounds[at]!)}` : `${divided(bounds.at(-1) ?? 0)}+`;
}

const figure = (report: ReportView, code: string) => report.figures.find((one) => one.code === code)?.now ?? null;

export function waits(report: ReportView): Drawing {
  return bands('waits', t('report.waits'), t('report.waited'), report.waits, 's', figure(report, 'wait_median'));
}

export function handles(report: ReportView): Drawing {
  return bands('handles', t('report.handles'), t('report.handled'), report.handles, 'min', figure(report, 'handle_median'));
}

export function queueTable({ queues }: ReportView): Table {
  return { head: [t('report.queue'), ...CELL()], names: 1, rows: queues.map(({ queue, calls }) => [queue, ...cells(calls)]) };
}

export function agentTable({ agents }: ReportView): Table {
  const mean = (talked: number, calls: number) => (calls > 0 ? clockTime(Math.round(talked / calls)) : '–');
  const rows = agents.map(({ agent, answered, dialled, talked }) => [agent, count(answered), count(dialled), clockTime(talked), mean(talked, answered + dialled)]);
  return { head: [t('report.extension'), t('report.answered'), t('report.dialled'), t('report.talked'), t('report.mean_talk')], names: 1, rows };
}

export function resultTable({ results }: ReportView, words: (code: string) => string): Table {
  const most = [...results].sort((one, other) => other.calls - one.calls);
  return { head: [t('report.result'), t('report.calls')], names: 1, rows: most.map(({ code, calls }) => [words(code), count(calls)]) };
}

export function productTable({ products }: ReportView): Table {
  const rows = products.map((one) => [one.product, count(one.suggested), count(one.accepted), count(one.declined), count(one.not_now)]);
  return { head: [t('report.product'), t('report.offered'), t('report.accepted'), t('report.declined'), t('report.not_now')], names: 1, rows };
}
