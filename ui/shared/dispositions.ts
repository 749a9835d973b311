/* What an agent chose as the result of a call, in words: the shop's own, or those of the catalogue. */
import type { DispositionView } from '../generated/DispositionView';
import { t, type Key } from './words';

const WORDS: Record<string, Key> = {
  order: 'disposition.order',
  question: 'disposition.question',
  complaint: 'disposition.complaint',
  ring_back: 'disposition.ring_back',
  wrong_number: 'disposition.wrong_number',
  no_result: 'disposition.no_result',
};

/** The words of a code; the code itself where neither the shop nor the catalogue has any. */
export function dispositionWords(code: string, shop: DispositionView[]): string {
  const named = shop.find((one) => one.code === code)?.name;
  const key = WORDS[code];
  return named ?? (key ? t(key) : code);
}
