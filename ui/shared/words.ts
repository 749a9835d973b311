/*
 * The message catalogue: every word on the screen comes from here, in one of three languages.
 * A key with `.one`, `.few`, `.many` or `.other` behind it is a plural, chosen by the language's rules.
 */
import en from '../messages/en.json';
import es from '../messages/es.json';
import hr from '../messages/hr.json';
import { numberFormat } from './intl';

export type Language = 'en' | 'es' | 'hr';
type Entry = keyof typeof en;
/** A key whose sentence depends on a count. */
export type CountKey = Entry extends infer K ? (K extends `${infer Base}.other` ? Base : never) : never;
/** A key with one sentence. */
export type Key = Exclude<Entry, `${CountKey}.${'one' | 'few' | 'many' | 'other'}`>;
export type Params = Record<string, string | number>;

const CATALOGUES: Record<Language, Record<string, string>> = { en, es, hr };
/** Where the language alone is known, its most usual region. */
const DEFAULT_LOCALE: Record<Language, string> = { en: 'en-GB', es: 'es-ES', hr: 'hr-HR' };

let language: Language = 'en';
let localeTag = DEFAULT_LOCALE.en;
let plurals = new Intl.PluralRules(localeTag);

/** Takes the wish (`?lang=`) or else the system's language; what is not spoken becomes English. */
export function chooseLanguage(wish: string | null, system: string): void {
  const tag = wish || system || 'en';
  const base = tag.toLowerCase().split(/[-_]/)[0] ?? 'en';
  language = base in CATALOGUES ? (base as Language) : 'en';
  const regional = base === language && /^[a-z]{2}[-_]/i.test(tag);
  localeTag = regional ? canonical(tag) : DEFAULT_LOCALE[language];
  plurals = new Intl.PluralRules(localeTag);
}

/** The language that is spoken. */
export function spoken(): Language {
  return language;
}

/** The BCP 47 tag that numbers, money and dates are written by. */
export function locale(): string {
  return localeTag;
}

/** The sentence of a key with its parameters filled in. */
export function t(key: Key, params: Params = {}): string {
  return fill(CATALOGUES[language][key] ?? en[key], params);
}

/** The sentence of a key that is not known to the compiler; nothing where the catalogue has none. */
export function lookUp(key: string, params: Params): string | null {
  const sentence = CATALOGUES[language][key] ?? (CATALOGUES.en[key] as string | undefined);
  return sentence === undefined ? null : fill(sentence, params);
}

/** The sentence for `count` things; `{n}` is the count, written by the locale. */
export function tn(key: CountKey, count: number, params: Params = {}): string {
  const catalogue = CATALOGUES[language];
  const sentence = catalogue[`${key}.${plurals.select(count)}`] ?? catalogue[`${key}.other`] ?? key;
  return fill(sentence, { n: numberFormat(localeTag).format(count), ...params });
}

function fill(sentence: string, params: Params): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}

function canonical(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag.replace('_', '-'))[0] ?? DEFAULT_LOCALE[language];
  } catch {
    return DEFAULT_LOCALE[language];
  }
}
