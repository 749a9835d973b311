/* Calls that come and go by themselves. */
import type { CardView } from '../generated/CardView';
import type { PanelView } from '../generated/PanelView';
import { bozena, card, jurgen, missed, stateNamed } from './states';

/** Plays the demo over and over: it rings, is talked, is written up; another one is missed. */
export function play(view: () => PanelView, set: (view: PanelView) => void): void {
  let round = 0;
  const change = (call: string, change: Partial<CardView>) => set({ ...view(), cards: view().cards.map((card) => (card.call === call ? { ...card, ...change } : card)) });
  const since = () => new Date().toISOString();
  const once = () => {
    const call = `demo-${++round}`;
    const now = Date.now();
    const pop = [bozena, jurgen, () => stateNamed('several', now)!.cards[0]!.pop][round % 3]!(now);
    set({ ...view(), cards: [card(call, 'ringing', pop, 0, now), ...view().cards.filter(({ state }) => state !== 'wrap_up')] });
    setTimeout(() => change(call, { state: 'talking', since: since() }), 5000);
    setTimeout(() => set({ ...view(), missed: [{ ...missed(Date.now()), call: `missed-${round}` }] }), 12_000);
    setTimeout(() => change(call, { state: 'wrap_up', since: since(), talked_seconds: 15, outcome: 'answered' }), 20_000);
  };
  setTimeout(once, 600);
  setInterval(once, 30_000);
}
