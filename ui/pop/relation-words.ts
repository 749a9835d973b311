/* What kind of relation a customer has with the shop, in counts that came true for others. */
import type { RelationView } from '../generated/RelationView';
import type { SegmentView } from '../generated/SegmentView';
import { moneyRound } from '../shared/format';
import { numberFormat } from '../shared/intl';
import { locale, t, tn, type Key } from '../shared/words';

const SEGMENT: Record<SegmentView, Key> = {
  champion: 'relation.champion', loyal: 'relation.loyal', new: 'relation.new', regular: 'relation.regular', at_risk: 'relation.at_risk', cannot_lose: 'relation.cannot_lose', dormant: 'relation.dormant',
};

/** What is known, each in a few words; empty where nothing is. */
export function relationWords({ segment, every_days, overdue, came_back, orders, value }: RelationView): string[] {
  const said: string[] = [];
  if (segment) said.push(t(SEGMENT[segment]));
  if (every_days !== null) said.push([tn('relation.every', every_days), overdue ? t('relation.overdue') : ''].filter(Boolean).join(', '));
  if (came_back) said.push(t('relation.came_back', { came: whole(came_back.came), of: whole(came_back.of) }));
  if (orders !== null) {
    const expected = t('relation.expected', { orders: numberFormat(locale(), { maximumFractionDigits: 1 }).format(orders) });
    said.push(value ? `${expected}, ${t('relation.worth', { value: moneyRound(value) })}` : expected);
  }
  return said;
}

function whole(count: number): string {
  return numberFormat(locale()).format(count);
}
