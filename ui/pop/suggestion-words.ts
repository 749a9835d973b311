/* Why a product is suggested, in a sentence. */
import type { SuggestionView } from '../generated/SuggestionView';
import { day } from '../shared/format';
import { t, tn } from '../shared/words';

export function reason(suggestion: SuggestionView, now: number): string {
  const { kind, at_least_percent: percent, with_name: product, together, of, every_days, due } = suggestion;
  if (kind === 'again') return tn('suits.again', every_days ?? 0, { times: together, date: due ? day(due, now) : '' });
  if (kind === 'up_sell') return percent === null ? t('suits.moved', { product, together, of }) : t('suits.moved_share', { percent, product, together, of });
  return percent === null ? t('suits.counted', { product, together, of }) : t('suits.share', { percent, product, together, of });
}
