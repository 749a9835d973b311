/* How the live board is put into words. */
import type { AgentState } from '../generated/AgentState';
import type { AgentView } from '../generated/AgentView';
import type { ReportView } from '../generated/ReportView';
import type { WithView } from '../generated/WithView';
import { clockTime } from '../shared/format';
import { t, type Key } from '../shared/words';

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

/** Whole seconds since then; never less than none. */
export const secondsSince = (at: string, now: number) => Math.max(0, Math.floor((now - Date.parse(at)) / 1000));

/** How long something has gone on. */
export const lasting = (at: string | null, now: number) => (at === null ? '' : clockTime(secondsSince(at, now)));

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
