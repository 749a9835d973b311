/*
 * The same backend as the shell's over a scripted shop, so that the pages open in any browser:
 * `?state=<name>` (or `#<name>`) shows one state, without it calls come and go by themselves.
 * It keeps notes and lines as long as the page lives.
 */
import type { Backend, Stop } from './backend';
import { demoHealth } from './demo/health';
import { demoLog } from './demo/log';
import { trialOf } from './demo/trial';
import { play } from './demo/script';
import { stateNamed } from './demo/states';
import { whyNot, whyOf } from './demo/why';
import type { NoteView } from './generated/NoteView';
import type { PanelView } from './generated/PanelView';

class Channel<T> {
  readonly #ears = new Set<(value: T) => void>();

  hear(ear: (value: T) => void): Promise<Stop> {
    this.#ears.add(ear);
    return Promise.resolve(() => void this.#ears.delete(ear));
  }

  say(value: T): void {
    for (const ear of this.#ears) ear(value);
  }
}

/** A backend that shows the state named, or plays the demo. */
export function fakeBackend(wish: string | null): Backend {
  const name = wish ?? location.hash.replace(/^#\/?/, '');
  const panels = new Channel<PanelView>();
  const logs = new Channel<void>();
  const marks = new Channel<number>();
  const still = stateNamed(name, Date.now());
  let lines = ['101'];
  let log = demoLog(Date.now());
  let view: PanelView = still ?? { cards: [], missed: [], gone: null, feeds: stateNamed('idle', Date.now())!.feeds };

  const set = (next: PanelView) => panels.say((view = next));
  if (!still) play(() => view, set);

  return {
    panelState: async () => structuredClone(view),
    async saveNote(call, text): Promise<NoteView> {
      await new Promise((done) => setTimeout(done, 15));
      const note = { text, saved_at: new Date().toISOString() };
      view = { ...view, cards: view.cards.map((card) => (card.call === call ? { ...card, note } : card)) };
      log = log.map((row) => (row.call === call ? { ...row, note: text } : row));
      logs.say();
      return note;
    },
    closeCard: async (call) => set({ ...view, cards: view.cards.filter((card) => card.call !== call) }),
    dismissMissed: async (call) => set({ ...view, missed: view.missed.filter((missed) => missed.call !== call) }),
    hidePanel: async () => undefined,
    wantKeyboard: async () => undefined,
    async chooseCustomer(call, reference) {
      const choose = (card: PanelView['cards'][number]) => {
        const found = card.pop.candidates.find(({ customer }) => customer.reference === reference);
        if (card.call !== call || !found) return card;
        return { ...card, pop: { ...card.pop, verdict: 'one' as const, customer: found.customer, grade: found.grade, candidates: [] } };
      };
      set({ ...view, cards: view.cards.map(choose) });
    },
    async callLog(before, limit) {
      const from = before === null ? 0 : log.findIndex(({ call }) => call === before) + 1;
      return log.slice(from, from + limit);
    },
    lines: async () => [...lines],
    setLines: async (next) => void (lines = [...next]),
    // The phone is taken after a while.
    dial: async () => void (await new Promise((done) => setTimeout(done, 1500))),
    webhookFeeds: async () => ['sipgate', 'zammad'],
    tryWebhook: async (feed, text) => trialOf(feed, text),
    async why(call) {
      const row = log.find((one) => one.call === call);
      return row ? whyOf(row) : whyNot(new Date().toISOString());
    },
    numberHealth: async () => demoHealth(Date.now()),
    exportNumberHealth: async () => '/home/you/Downloads/ringside-numbers-2026-11-24.csv',
    notices: async () => (name === 'code' ? [{ kind: 'recovery_code' as const, code: '7K3M-Q9ZD-4XWB-H2VN-0PTC-R6YF-A' }] : []),
    closeNotice: async () => undefined,
    painted: async () => undefined,
    // A browser's window does not follow: the wish is only written down.
    resizePanel: async (height) => void (document.documentElement.dataset.wanted = String(height)),
    onPanel: (ear) => panels.hear(ear),
    onCallLogChanged: (ear) => logs.hear(ear),
    onMark: (ear) => marks.hear(ear),
  };
}
