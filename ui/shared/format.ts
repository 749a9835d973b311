/*
 * Money, numbers, dates and durations by the user's locale. Reads no clock: the time is an argument.
 */
import type { MoneyView } from '../generated/MoneyView';
import { dateFormat, displayNames, numberFormat, relativeFormat } from './intl';
import { locale, t } from './words';

const DAY = 86_400_000;

/** An amount with all digits of its currency. */
export function money(amount: MoneyView): string {
  return currency(amount, amount.digits);
}

/** An amount for a headline: without digits behind the point from a thousand up. */
export function moneyRound(amount: MoneyView): string {
  const major = Math.abs(amount.minor) / 10 ** amount.digits;
  return currency(amount, major >= 1000 ? 0 : amount.digits);
}

/** Quantity in thousandths, without needless zeros. */
export function quantity(milli: number): string {
  return numberFormat(locale(), { maximumFractionDigits: 3 }).format(milli / 1000);
}

/** A share as whole per cent. */
export function percent(share: number): string {
  return numberFormat(locale(), { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** A running time or a length: `0:03`, `12:40`, `1:02:03`. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** The time of the day, in local time. */
export function timeOfDay(at: string): string {
  return format(at, { hour: 'numeric', minute: '2-digit' });
}

/** The time of the day to the second, in local time. */
export function timeToTheSecond(at: string): string {
  return format(at, { hour: 'numeric', minute: '2-digit', second: '2-digit' });
}

/** A day without its year where it lies in the last ten months; midnight in UTC means the calendar day, whatever the zone. */
export function day(at: string, now: number): string {
  const far = Math.abs(now - Date.parse(at)) > 300 * DAY;
  return format(at, { day: 'numeric', month: 'short', ...(far ? { year: 'numeric' } : {}), ...zone(at) });
}

/** A day with its weekday, for what happened lately. */
export function weekday(at: string, now: number): string {
  if (Math.abs(now - Date.parse(at)) > 20 * DAY) return day(at, now);
  return format(at, { weekday: 'short', day: 'numeric', month: 'short', ...zone(at) });
}

/** The heading of a day in a list. */
export function dayHeading(at: string, now: number): string {
  const far = Math.abs(now - Date.parse(at)) > 300 * DAY;
  return format(at, { weekday: 'long', day: 'numeric', month: 'long', ...(far ? { year: 'numeric' } : {}) });
}

/** Since when: the time alone today, else with the day. */
export function moment(at: string, now: number): string {
  if (sameDay(at, now)) return timeOfDay(at);
  return format(at, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });
}

/** A moment to come, written out: weekday, day and time. */
export function fullMoment(at: string, now: number): string {
  const far = Math.abs(now - Date.parse(at)) > 300 * DAY;
  return format(at, { weekday: 'long', day: 'numeric', month: 'long', ...(far ? { year: 'numeric' } : {}), hour: 'numeric', minute: '2-digit' });
}

/** Whether people here write the month before the day. */
export function monthFirst(): boolean {
  const parts = dateFormat(locale()).formatToParts(0);
  return parts.find(({ type }) => type === 'month' || type === 'day')?.type === 'month';
}

/** The year of a date. */
export function year(at: string): string {
  return format(at, { year: 'numeric', ...zone(at) });
}

/** Month names for a row of `count` months that ends with the month of `until`, the oldest first. */
export function monthNames(until: string, count: number, style: 'short' | 'long'): string[] {
  const end = new Date(until);
  return Array.from({ length: count }, (_, i) => {
    const first = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() - (count - 1 - i), 1));
    const years = style === 'long' ? { year: 'numeric' as const } : {};
    return dateFormat(locale(), { month: style, ...years, timeZone: 'UTC' }).format(first);
  });
}

/** How old something is: "just now", "12 min ago", "2 days ago". */
export function age(at: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(at)) / 1000);
  if (seconds < 60) return t('age.now');
  const relative = relativeFormat(locale(), { style: 'short', numeric: 'always' });
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3600), 'hour');
  if (seconds < 30 * 86_400) return relative.format(-Math.floor(seconds / 86_400), 'day');
  return day(at, now);
}

/** How old something is, in the first minute to the second: "2 s ago". */
export function ageToTheSecond(at: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(at)) / 1000));
  return seconds < 60 ? t('age.seconds', { n: seconds }) : age(at, now);
}

/** How old something is that should be newer: "2 days old", and from a month on "from 3 Nov". */
export function ageOld(at: string, now: number): string {
  const hours = Math.max(1, Math.floor((now - Date.parse(at)) / 3_600_000));
  if (hours >= 30 * 24) return t('age.from', { day: day(at, now) });
  const [count, unit] = hours < 48 ? [hours, 'hour'] : [Math.floor(hours / 24), 'day'];
  const span = numberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' }).format(count);
  return t('age.old', { span });
}

/** Whether a fact is so old that it turns amber: as old as `limit` seconds. */
export function isStale(at: string, now: number, limit: number): boolean {
  return now - Date.parse(at) >= limit * 1000;
}

/** The name of a country by its ISO 3166 code; the code itself where it is unknown. */
export function country(code: string): string {
  try {
    return displayNames(locale(), 'region').of(code) ?? code;
  } catch {
    return code;
  }
}

/** The name of a language by its ISO 639-1 code; the code itself where it is unknown. */
export function languageName(code: string): string {
  try {
    return displayNames(locale(), 'language').of(code) ?? code;
  } catch {
    return code;
  }
}

/** Up to two letters for a name: first and last word. */
export function initials(name: string): string {
  const words = name.split(/[\s.,&/]+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const ends = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return ends.map((word) => [...(word ?? '')][0] ?? '').join('').toLocaleUpperCase(locale());
}

export function sameDay(at: string, now: number): boolean {
  return new Date(at).toDateString() === new Date(now).toDateString();
}

function currency(amount: MoneyView, digits: number): string {
  const major = amount.minor / 10 ** amount.digits;
  const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  try {
    return numberFormat(locale(), { style: 'currency', currency: amount.currency, ...places }).format(major);
  } catch {
    // A code that is not three letters: the number is right all the same.
    return `${numberFormat(locale(), places).format(major)} ${amount.currency}`;
  }
}

function zone(at: string): { timeZone?: 'UTC' } {
  return /T00:00:00(\.0+)?(Z|\+00:00)$/.test(at) ? { timeZone: 'UTC' } : {};
}

function format(at: string, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : dateFormat(locale(), options).format(date);
}
