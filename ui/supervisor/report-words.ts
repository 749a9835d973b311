/* How a report of calls is put into words and figures. */
import type { FigureUnit } from '../generated/FigureUnit';
import { clockTime } from '../shared/format';
import { dateFormat, numberFormat } from '../shared/intl';
import { locale, t, type Key } from '../shared/words';

/** Name and meaning of each figure, by its code. */
export const FIGURE: Record<string, { name: Key; means: Key }> = {
  offered: { name: 'report.f_offered', means: 'report.d_offered' },
  answered: { name: 'report.f_answered', means: 'report.d_answered' },
  abandoned: { name: 'report.f_abandoned', means: 'report.d_abandoned' },
  abandoned_in_target: { name: 'report.f_abandoned_in_target', means: 'report.d_abandoned_in_target' },
  missed: { name: 'report.f_missed', means: 'report.d_missed' },
  refused: { name: 'report.f_refused', means: 'report.d_refused' },
  unknown: { name: 'report.f_unknown', means: 'report.d_unknown' },
  service_level: { name: 'report.f_service_level', means: 'report.d_service_level' },
  abandonment: { name: 'report.f_abandonment', means: 'report.d_abandonment' },
  wait_mean: { name: 'report.f_wait_mean', means: 'report.d_wait' },
  wait_median: { name: 'report.f_wait_median', means: 'report.d_wait' },
  wait_p90: { name: 'report.f_wait_p90', means: 'report.d_wait' },
  wait_most: { name: 'report.f_wait_most', means: 'report.d_wait' },
  patience_median: { name: 'report.f_patience_median', means: 'report.d_patience' },
  handle_mean: { name: 'report.f_handle_mean', means: 'report.d_handle' },
  handle_median: { name: 'report.f_handle_median', means: 'report.d_handle' },
  handle_p90: { name: 'report.f_handle_p90', means: 'report.d_handle' },
  talk_mean: { name: 'report.f_talk_mean', means: 'report.d_talk' },
  wrap_up_mean: { name: 'report.f_wrap_up_mean', means: 'report.d_wrap_up' },
  outgoing: { name: 'report.f_outgoing', means: 'report.d_outgoing' },
  outgoing_answered: { name: 'report.f_outgoing_answered', means: 'report.d_answered' },
  matched_rate: { name: 'report.f_matched_rate', means: 'report.d_matched_rate' },
  several: { name: 'report.f_several', means: 'report.d_several' },
  corrected: { name: 'report.f_corrected', means: 'report.d_corrected' },
  promised: { name: 'report.f_promised', means: 'report.d_promised' },
  kept_rate: { name: 'report.f_kept_rate', means: 'report.d_kept_rate' },
  suggested: { name: 'report.f_suggested', means: 'report.d_suggested' },
  accepted_rate: { name: 'report.f_accepted_rate', means: 'report.d_accepted_rate' },
  pop_median: { name: 'report.f_pop_median', means: 'report.d_pop_median' },
};

/** The figures that stand at the top. */
export const LEADING = ['offered', 'service_level', 'wait_mean', 'matched_rate', 'kept_rate', 'accepted_rate'];

/** Those whose meaning depends on the target. */
export const ON_TARGET = new Set(['abandoned_in_target', 'service_level', 'abandonment']);

export const count = (n: number) => numberFormat(locale()).format(n);
export const share = (part: number | null) => (part === null ? '–' : numberFormat(locale(), { style: 'percent', maximumFractionDigits: 1 }).format(part));

/** A figure as it is read. */
export function measured(value: number | null, unit: FigureUnit): string {
  if (value === null) return '–';
  switch (unit) {
    case 'count':
      return count(value);
    case 'share':
      return share(value);
    case 'seconds':
      return clockTime(Math.round(value));
    case 'millis':
      return `${numberFormat(locale(), { maximumFractionDigits: 2 }).format(value)} ms`;
  }
}

/** The weekday, Monday being 0. */
export function weekdayName(weekday: number, style: 'short' | 'long'): string {
  // 1 January 2024 was a Monday
  return dateFormat(locale(), { weekday: style, timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1 + weekday));
}

/** A calendar day such as 2026-11-01, whatever the zone. */
export function calendarDay(day: string, style: 'short' | 'long'): string {
  const wanted: Intl.DateTimeFormatOptions = style === 'short' ? { day: 'numeric', month: 'short' } : { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' };
  return dateFormat(locale(), { ...wanted, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

/** So many days after it. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** What a band between bounds is called. */
export function bandName(bounds: number[], at: number, unit: 's' | 'min'): string {
  const divided = (seconds: number) => count(unit === 's' ? seconds : seconds / 60);
  const bound = bounds[at];
  if (bound !== undefined) return t(unit === 's' ? 'report.below_s' : 'report.below_min', { n: divided(bound) });
  return t(unit === 's' ? 'report.from_s' : 'report.from_min', { n: divided(bounds.at(-1) ?? 0) });
}
