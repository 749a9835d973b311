import { afterEach, describe, expect, it } from 'vitest';
import { age, clockTime, day, initials, isStale, money, moneyRound, monthNames, quantity } from '../shared/format';
import { nameLanguage } from '../shared/intl';
import { chooseLanguage, locale, t, tn } from '../shared/words';

/** Writes the spaces that do not break as plain ones. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');
const NOW = Date.parse('2026-11-24T10:00:00Z');
const amount = (minor: number, currency: string, digits: number) => ({ minor, currency, digits });

afterEach(() => chooseLanguage(null, 'en-GB'));

describe('money', () => {
  it.each([
    ['en', amount(241_860, 'EUR', 2), '€2,418.60'],
    ['es', amount(1_241_860, 'EUR', 2), '12.418,60 €'],
    ['hr', amount(241_860, 'EUR', 2), '2.418,60 €'],
    ['en', amount(1500, 'JPY', 0), 'JP¥1,500'],
    ['es', amount(15_000, 'JPY', 0), '15.000 JPY'],
    ['hr', amount(1500, 'JPY', 0), '1.500 JPY'],
    ['en', amount(1_234_567, 'TND', 3), 'TND 1,234.567'],
    ['es', amount(12_345_678, 'TND', 3), '12.345,678 TND'],
    ['hr', amount(1_234_567, 'TND', 3), '1.234,567 TND'],
  ])('in %s has the digits of its currency', (lang, value, written) => {
    chooseLanguage(lang, '');
    expect(plain(money(value))).toBe(written);
  });

  it('leaves the cents out of a headline from a thousand up', () => {
    expect([moneyRound(amount(1_549_012, 'EUR', 2)), moneyRound(amount(54_012, 'EUR', 2))]).toEqual(['€15,490', '€540.12']);
  });

  it('is still readable when the currency code is none', () => {
    expect(plain(money(amount(1050, 'EURO', 2)))).toBe('10.50 EURO');
  });
});

describe('dates', () => {
  it.each([['en', '12 Nov'], ['es', '12 nov'], ['hr', '12. stu']])('in %s are written by the locale', (lang, written) => {
    chooseLanguage(lang, '');
    expect(day('2026-11-12T00:00:00Z', NOW)).toBe(written);
  });

  it('stay on their calendar day west of Greenwich', () => {
    const before = process.env.TZ;
    process.env.TZ = 'America/New_York';
    try {
      expect(day('2026-11-12T00:00:00Z', NOW)).toBe('12 Nov');
    } finally {
      process.env.TZ = before;
    }
  });

  it('carry the year once they are far', () => {
    expect(day('1998-05-06T00:00:00Z', NOW)).toBe('6 May 1998');
  });

  it('name twelve months up to the last one', () => {
    const names = monthNames('2026-11-01T00:00:00Z', 12, 'short');
    expect([names[0], names[11], names.length]).toEqual(['Dec', 'Nov', 12]);
  });

  it('become an age that turns stale after two days', () => {
    expect([age('2026-11-24T09:59:30Z', NOW), age('2026-11-24T09:48:00Z', NOW), age('2026-11-22T09:00:00Z', NOW)]).toEqual(['just now', '12 min ago', '2 days ago']);
    expect([isStale('2026-11-22T10:00:01Z', NOW, 172_800), isStale('2026-11-22T10:00:00Z', NOW, 172_800)]).toEqual([false, true]);
  });
});

describe('numbers', () => {
  it('count time as a phone does', () => {
    expect([3, 86, 760, 3723, -4].map(clockTime)).toEqual(['0:03', '1:26', '12:40', '1:02:03', '0:00']);
  });

  it('show a quantity without needless zeros', () => {
    expect([quantity(1000), quantity(2500)]).toEqual(['1', '2.5']);
  });

  it('make initials of a first and a last name, whatever the script', () => {
    expect(['Božena Kovačić', 'Łukasz', 'الفريد', '<img>'].map(initials)).toEqual(['BK', 'Ł', 'ا', '']);
  });
});

describe('the language', () => {
  it.each([
    [null, 'hr-HR', 'hr-HR'],
    [null, 'de-DE', 'en-GB'],
    [null, 'en-US', 'en-US'],
    ['es', 'en-US', 'es-ES'],
    ['es-MX', 'en-US', 'es-MX'],
  ])('for the wish %s on a %s system writes by %s', (wish, system, expected) => {
    chooseLanguage(wish, system);
    expect(locale()).toBe(expected);
  });

  it.each([[1, '1 narudžba'], [3, '3 narudžbe'], [5, '5 narudžbi'], [21, '21 narudžba'], [64, '64 narudžbe']])('counts %i in Croatian', (count, written) => {
    chooseLanguage('hr', '');
    expect(tn('buys.orders', count)).toBe(written);
  });

  it('fills in parameters as they are, dollar signs and all', () => {
    expect(t('who.sent_name', { name: '$& {name}' })).toBe('The phone system says “$& {name}”');
  });
});

describe('a system without a language', () => {
  const real = navigator.language;
  afterEach(() => Object.defineProperty(navigator, 'language', { value: real, configurable: true }));

  it('speaks that of the windows, so that what asks for it does not fail', () => {
    Object.defineProperty(navigator, 'language', { value: 'C', configurable: true });
    nameLanguage('hr-HR');
    expect(new Intl.NumberFormat(navigator.language).format(1.5)).toBe('1,5');
  });

  it('keeps the language that it has', () => {
    Object.defineProperty(navigator, 'language', { value: 'es-MX', configurable: true });
    nameLanguage('hr-HR');
    expect(navigator.language).toBe('es-MX');
  });
});
