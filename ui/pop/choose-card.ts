/* Which of several calls stands open: the agent's choice first, then what the line does. */
import type { CardState } from '../generated/CardState';
import type { CardView } from '../generated/CardView';

const URGENCY: Record<CardState, number> = { talking: 0, unsure: 1, dialling: 2, ringing: 3, held: 4, wrap_up: 5 };

/** What is known of the agent when the calls change. */
export interface Attention {
  /** The call that stands open now. */
  open: string | null;
  /** The agent chose it, or writes in it: it stays. */
  holds: boolean;
}

/** The call to stand open; null without calls. Equally urgent calls: the newest. */
export function chooseCard(cards: CardView[], attention: Attention): string | null {
  const open = cards.find((card) => card.call === attention.open);
  if (open && attention.holds) return open.call;
  const [best] = [...cards].sort((a, b) => URGENCY[a.state] - URGENCY[b.state]);
  if (open && best && URGENCY[best.state] === URGENCY[open.state]) return open.call;
  return best?.call ?? null;
}

/** The call `step` places further down the panel; stays within the list. */
export function neighbour(cards: CardView[], open: string | null, step: 1 | -1): string | null {
  const here = cards.findIndex((card) => card.call === open);
  const there = Math.min(cards.length - 1, Math.max(0, here + step));
  return cards[there]?.call ?? null;
}
