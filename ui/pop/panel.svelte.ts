/*
 * The panel's state: the view from the shell, the notes being written, and which call stands open.
 */
import type { Backend } from '../backend';
import { why } from '../shared/said';
import type { CardView } from '../generated/CardView';
import type { PanelView } from '../generated/PanelView';
import { canFind, isOn } from './card-words';
import { chooseCard, neighbour } from './choose-card';
import { Find } from './find.svelte';
import { NoteDraft } from './note-draft.svelte';

export class PanelState {
  view = $state.raw<PanelView>({ cards: [], missed: [], gone: null, feeds: [], quiet: null, stale_after_seconds: 172_800 });
  open = $state<string | null>(null);
  /** What the last request was refused with; stays until the next one succeeds. */
  problem = $state<string | null>(null);

  /** The map of keys is open. */
  mapOpen = $state(false);
  /** My phone rings for a call that was asked for here. */
  dialling = $state(false);
  /** No call is on at my line, so one may be made. */
  readonly free = $derived(!this.view.cards.some(isOn));

  /** The card that stands open. */
  readonly card = $derived(this.view.cards.find(({ call }) => call === this.open));

  readonly #backend: Backend;
  readonly #drafts = new Map<string, NoteDraft>();
  readonly #finds = new Map<string, Find>();
  /** The call whose note has the caret. */
  #writing: string | null = null;
  #chosen = false;
  /** The wrap-up that was asked to stay. */
  #attended: string | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** The note of a call; it lives as long as the call, or until it is durable. */
  draft(card: CardView): NoteDraft {
    const known = this.#drafts.get(card.call);
    if (known) return known;
    const draft = new NoteDraft(card.call, card.note, (call, text) => this.#backend.saveNote(call, text));
    this.#drafts.set(card.call, draft);
    return draft;
  }

  /** What is done to find out who a caller is; it lives as long as the call. */
  find(card: CardView): Find {
    const known = this.#finds.get(card.call);
    if (known) return known;
    const find = new Find(card.call, this.#backend);
    this.#finds.set(card.call, find);
    return find;
  }

  /** The search or the form that the card shows; null where it shows none. */
  finding(card: CardView): Find | null {
    if (card.pop.customer || !canFind(card)) return null;
    const find = this.find(card);
    return find.step === 'away' ? null : find;
  }

  /** Whether the caller has a number that can be linked. */
  hasNumber(card: CardView): boolean {
    return card.pop.number?.startsWith('+') ?? false;
  }

  /** Takes a new view. */
  show(view: PanelView): void {
    // Made here and not while drawing: what is made while drawing is not followed there.
    for (const card of view.cards) this.find(card).know(card.pop.number, card.pop.verdict === 'unknown');
    for (const card of view.cards) this.draft(card).adopt(card.note);
    const alive = new Set(view.cards.map((card) => card.call));
    this.#dropDrafts(alive);
    for (const call of this.#finds.keys()) if (!alive.has(call)) this.#finds.delete(call);
    const before = this.open;
    const holds = this.#chosen || this.#isBusy(before);
    const next = chooseCard(view.cards, { open: before, holds });
    if (next !== before) this.#turnTo(next, false);
    this.view = view;
  }

  /** The agent turns to a call. */
  turnTo(call: string): void {
    if (call !== this.open) this.#turnTo(call, true);
  }

  /** Up or down the panel. */
  step(step: 1 | -1): void {
    const call = neighbour(this.view.cards, this.open, step);
    if (call) this.turnTo(call);
  }

  /** The caret came into a note, or left it. */
  caret(call: string, here: boolean): void {
    if (here) this.#writing = call;
    else if (this.#writing === call) this.#writing = null;
  }

  /** Whether the note of a call has the caret. */
  isWriting(call: string): boolean {
    return this.#writing === call;
  }

  /** Makes the note durable and ends the wrap-up. What cannot be saved keeps the card open. */
  async saveAndClose(card: CardView): Promise<void> {
    if (card.state !== 'wrap_up' || !(await this.draft(card).flush())) return;
    await this.attempt(this.#backend.closeCard(card.call));
  }

  choose(call: string, reference: string): Promise<boolean> {
    return this.attempt(this.#backend.chooseCustomer(call, reference));
  }

  /** The caller was verified. */
  uncover(call: string): Promise<boolean> {
    return this.attempt(this.#backend.uncover(call));
  }

  /** Somebody is at the panel: the wrap-up that stands open does not close by itself. */
  attend(): void {
    const { card } = this;
    if (card?.state !== 'wrap_up' || card.closes_at === null || this.#attended === card.call) return;
    this.#attended = card.call;
    void this.attempt(this.#backend.stayOpen(card.call));
  }

  /** What was said of the caller was wrong. */
  takeBack(call: string): Promise<boolean> {
    return this.attempt(this.#backend.takeBack(call));
  }

  /** Calls a number. It takes as long as my phone rings. */
  async dial(number: string): Promise<void> {
    if (this.dialling) return;
    this.dialling = true;
    await this.attempt(this.#backend.dial(number));
    this.dialling = false;
  }

  dismiss(calls: string[]): Promise<boolean> {
    return this.attempt(Promise.all(calls.map((call) => this.#backend.dismissMissed(call))));
  }

  hide(): Promise<boolean> {
    void this.flushAll();
    return this.attempt(this.#backend.hidePanel());
  }

  wantKeyboard(): void {
    void this.attempt(this.#backend.wantKeyboard());
  }

  /** Writes every note that is not durable yet. */
  async flushAll(): Promise<void> {
    await Promise.all([...this.#drafts.values()].map((draft) => draft.flush()));
  }

  /** Waits for a request and keeps what it was refused with. */
  async attempt(request: Promise<unknown>): Promise<boolean> {
    try {
      await request;
      this.problem = null;
      return true;
    } catch (error) {
      this.problem = why(error);
      return false;
    }
  }

  #turnTo(call: string | null, chosen: boolean): void {
    const left = this.open === null ? undefined : this.#drafts.get(this.open);
    void left?.flush();
    this.open = call;
    this.#chosen = chosen;
    this.#writing = null;
  }

  #isBusy(call: string | null): boolean {
    if (call === null) return false;
    return this.isWriting(call) || (this.#drafts.get(call)?.pending ?? false);
  }

  #dropDrafts(alive: Set<string>): void {
    for (const [call, draft] of this.#drafts) {
      if (alive.has(call)) continue;
      void draft.flush().then((durable) => {
        if (durable && !this.view.cards.some((card) => card.call === call)) this.#drafts.delete(call);
      });
    }
  }
}
