/* How a report of the advice is put into words and figures. */
import { numberFormat } from '../shared/intl';
import { locale, type Key, t } from '../shared/words';

export const TASK: Record<string, Key> = { any: 'advice.task_any', new: 'advice.task_new', with: 'advice.task_with' };
export const VOICE: Record<string, Key> = { speaks: 'advice.speaks', popular: 'advice.popular', silent: 'advice.silent' };
export const WAY: Record<string, Key> = {
  popularity: 'advice.way_popular', 'recent popularity': 'advice.way_recent', 'personal frequency': 'advice.way_personal',
  'item-item cosine': 'advice.way_beside', 'rule confidence': 'advice.way_rule', EASE: 'advice.way_ease', 'two heads': 'advice.way_heads',
};
export const SEGMENT: Record<string, Key> = {
  champion: 'relation.champion', loyal: 'relation.loyal', new: 'relation.new', regular: 'relation.regular', at_risk: 'relation.at_risk',
  cannot_lose: 'relation.cannot_lose', dormant: 'relation.dormant',
};

export const count = (n: number) => numberFormat(locale()).format(n);
export const percent = (share: number) => numberFormat(locale(), { style: 'percent', maximumFractionDigits: 1 }).format(share);
export const decimals = (n: number) => numberFormat(locale(), { minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(n);
/** A difference in standard errors. */
export const errors = (n: number) => t('advice.errors', { n: numberFormat(locale(), { signDisplay: 'exceptZero', maximumFractionDigits: 1 }).format(n) });
