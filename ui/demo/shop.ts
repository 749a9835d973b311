/* How the scripted shop works after a call, and the times that it understands: a day's name or tomorrow, and an hour. */
import type { TemplateView } from '../generated/TemplateView';
import type { WhenView } from '../generated/WhenView';
import { DAY, iso } from './people';

export const TEMPLATES: TemplateView[] = [
  { name: 'Opening hours', text: 'We are open Monday to Friday, 8:00 to 16:00.' },
  { name: 'Payment link', text: 'Sent the payment link.' },
  { name: 'Delivery day', text: 'Deliveries leave on Tuesday and Friday.' },
];

const DAYS = [/^(sun|dom|ned)/, /^(mon|lun|pon)/, /^(tue|mar|uto)/, /^(wed|mi[eé]|sri)/, /^(thu|jue|[cč]et)/, /^(fri|vie|pet)/, /^(sat|s[aá]b|sub)/];

/** When a text means, at `now`. */
export function readWhen(text: string, now: number): WhenView {
  const words = text.toLowerCase().split(/[\s,]+/).filter(Boolean);
  if (words.length === 0) return { kind: 'empty' };
  const at = new Date(now);
  let hour: [number, number] = [9, 0];
  let days: number | null = null;
  for (const word of words) {
    const clock = /^(\d{1,2})(?::(\d\d))?$/.exec(word);
    const day = DAYS.findIndex((name) => name.test(word));
    if (clock) hour = [Number(clock[1]), Number(clock[2] ?? 0)];
    else if (/^(tomorrow|ma[nñ]ana|sutra)$/.test(word)) days = 1;
    else if (/^(today|hoy|danas)$/.test(word)) days = 0;
    else if (day >= 0) days = (day - at.getDay() + 7) % 7;
    else if (!/^(at|on|a|el|las?|u)$/.test(word)) return { kind: 'unknown', word };
  }
  if (hour[0] > 23 || hour[1] > 59) return { kind: 'nonsense' };
  at.setHours(hour[0], hour[1], 0, 0);
  const meant = at.getTime() + (days ?? 0) * DAY;
  if (meant <= now && days !== null && words.some((word) => /^(today|hoy|danas)$/.test(word))) return { kind: 'past' };
  return { kind: 'understood', at: iso(meant > now ? meant : meant + (days === null ? 1 : 7) * DAY) };
}
