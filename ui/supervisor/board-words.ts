/* How the live board is put into words. */
import type { AgentState } from '../generated/AgentState';
import type { AgentView } from '../generated/AgentView';
import type { FeedHeardView } from '../generated/FeedHeardView';
import type { FeedView } from '../generated/FeedView';
import type { ReportView } from '../generated/ReportView';
import type { WithView } from '../generated/WithView';
import { ageToTheSecond, clockTime } from '../shared/format';
import { t, tn, type Key } from '../shared/words';
import { systemHealth } from '../desk/feed-health';
import { measured } from './report-words';

export const STATE: Record<AgentState, { word: Key; look: 'pos' | 'acc' | 'warn' | 'muted' | 'second' }> = {
  talking: { word: 'board.talking', look: 'pos' },
  held: { word: 'board.held', look: 'warn' },
  dialling: { word: 'board.dialling', look: 'acc' },
  ringing: { word: 'board.ringing', look: 'acc' },
  wrap_up: { word: 'board.wrap_up', look: 'warn' },
  do_not_disturb: { word: 'board.do_not_disturb', look: 'muted' },
  free: { word: 'board.free', look: 'second' },
  unknown: { word: 'board.unknown', look: 'muted' },
};

/** The weekday a week before, Sunday at the beginning. */
const LAST: Key[] = ['board.last_0', 'board.last_1', 'board.last_2', 'board.last_3', 'board.last_4', 'board.last_5', 'board.last_6'];

/** Whole seconds since then; never less than none. */
export const secondsSince = (at: string, now: number) => Math.max(0, Math.floor((now - Date.parse(at)) / 1000));

/** How long something has gone on. */
export const lasting = (at: string | null, now: number) => (at === null ? '' : clockTime(secondsSince(at, now)));

/** How a figure of today stands against that of the same weekday a week before; nothing where the journal does not tell of it. */
export function against(report: ReportView | null, code: string): string {
  const one = figure(report, code);
  if (!report || !one || one.now === null || one.before === null) return '';
  const day = t(LAST[new Date(`${report.from}T00:00:00Z`).getUTCDay()]!);
  const unit = one.unit === 'share' ? 100 : 1;
  const more = Math.round(one.now * unit) - Math.round(one.before * unit);
  if (more === 0) return t('board.same', { day });
  const n = one.unit === 'share' ? tn('board.points', Math.abs(more)) : measured(Math.abs(more), one.unit);
  return t(more > 0 ? 'board.above' : 'board.below', { n, day });
}

/** Whether the phone systems are heard, and when they said something last: of several, each. */
export function liveness(feeds: FeedView[] | null, heard: FeedHeardView[], now: number): string {
  const health = systemHealth(feeds);
  const since = ({ at }: FeedHeardView) => ageToTheSecond(at, now);
  const ages = heard.length === 1 ? since(heard[0]!) : heard.map((one) => `${one.feed} ${since(one)}`).join(', ');
  return [health ? t(health.look === 'good' ? 'board.live' : health.key) : '', ages && t('board.heard', { ages })].filter(Boolean).join(' · ');
}

/** Who is on the other side, in one line. */
export function other(one: WithView | null): string {
  if (!one) return '';
  if (one.extension !== null) return one.name === null ? one.extension : `${one.name} (${one.extension})`;
  return one.name ?? one.number ?? t('board.withheld');
}

/** What more is known of a caller. */
export function beside(one: WithView): string {
  if (one.customer !== null) return one.company ?? '';
  return one.number === null ? '' : t('calls.unknown');
}

export const isTalking = ({ state }: Pick<AgentView, 'state'>) => state === 'talking' || state === 'held';

export const agentName = (agent: Pick<AgentView, 'name' | 'extension'>) => agent.name ?? agent.extension;

/** A figure of the day by its code; nothing where there is none. */
export const figure = (report: ReportView | null, code: string) => report?.figures.find((one) => one.code === code);
