/* What Rust says comes as keys of the catalogue with parameters; here it gets its words. */
import { refusal } from '../backend';
import type { ParamView } from '../generated/ParamView';
import type { SentenceView } from '../generated/SentenceView';
import { locale, lookUp } from './words';

/** The sentences in the language of the page. */
export function said(sentences: SentenceView[]): string {
  return sentences.map(({ key, params }) => sentence(key, params)).join('. ');
}

/** A parameter may be something that is said itself: it gets its words first. */
function sentence(key: string, params: SentenceView['params']): string {
  const filled = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, word(value)]));
  return lookUp(key, filled) ?? Object.values(filled).join(' ');
}

function word(param: ParamView | undefined): string {
  return typeof param === 'string' ? param : said(param ?? []);
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
