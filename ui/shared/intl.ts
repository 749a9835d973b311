/*
 * Formatters, each made once: making one is slow beside using it, and a panel writes dozens of amounts and dates while a
 * phone rings.
 */

const made = new Map<string, unknown>();

function once<T>(kind: string, locale: string, options: object, make: () => T): T {
  const key = `${kind} ${locale} ${JSON.stringify(options)}`;
  const known = made.get(key) as T | undefined;
  if (known !== undefined) return known;
  const fresh = make();
  made.set(key, fresh);
  return fresh;
}

export function numberFormat(locale: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  return once('number', locale, options, () => new Intl.NumberFormat(locale, options));
}

export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions = {}): Intl.DateTimeFormat {
  return once('date', locale, options, () => new Intl.DateTimeFormat(locale, options));
}

export function relativeFormat(locale: string, options: Intl.RelativeTimeFormatOptions = {}): Intl.RelativeTimeFormat {
  return once('relative', locale, options, () => new Intl.RelativeTimeFormat(locale, options));
}

/** The names of regions or of languages. */
export function displayNames(locale: string, type: 'region' | 'language'): Intl.DisplayNames {
  return once('names', locale, { type }, () => new Intl.DisplayNames(locale, { type }));
}

/**
 * Gives the browser the language of the windows where the system has none: it is called C then, which is no language tag, and
 * libraries that ask for it end with an error.
 */
export function nameLanguage(tag: string): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: tag, configurable: true });
  }
}
