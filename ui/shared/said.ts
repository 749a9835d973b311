/* What Rust says comes as keys of the catalogue with parameters; here it gets its words. */
import { refusal } from '../backend';
import type { SentenceView } from '../generated/SentenceView';
import { locale, lookUp } from './words';

/** The sentences in the language of the page. */
export function said(sentences: SentenceView[]): string {
  return sentences.map(({ key, params }) => lookUp(key, params as Record<string, string>) ?? Object.values(params).join(' ')).join('. ');
}

/** The same where it stands alone: it begins with a capital. */
export function saidAlone(sentences: SentenceView[]): string {
  const text = said(sentences);
  const [first = ''] = text;
  return first.toLocaleUpperCase(locale()) + text.slice(first.length);
}

/** Why a request was refused. */
export function why(error: unknown): string {
  const { said: sentences, message } = refusal(error);
  return sentences.length > 0 ? said(sentences) : message;
}
