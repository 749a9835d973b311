/*
 * The panel's state: the view from the shell, the notes being written, and which call stands open.
 */
import type { Backend } from '../backend';
import { tick } from 'svelte';
import type { Priority } from '../generated/Priority';
import { why } from '../shared/said';
import { t } from '../shared/words';
import type { AfterCallView } from '../generated/AfterCallView';
import type { CardView } from '../generated/CardView';
import type { OfferAnswer } from '../generated/OfferAnswer';
import type { OpenItemView } from '../generated/OpenItemView';
import type { PanelView } from '../generated/PanelView';
import { BLANK } from './blank';
import { canFind, isOn } from './card-words';
import { After, type List } from './after.svelte';
import { chooseCard, neighbour } from './choose-card';
import { Find } from './find.svelte';
import { Keymap } from './keymap';
import { NoteDraft } from './note-draft.svelte';
import { KINDS, PRIORITIES } from './ticket-form.svelte';

export class PanelState {
  view = $state.raw<PanelView>({ cards: [], missed: [], gone: null, feeds: [], quiet: null, stale_after_seconds: 172_800 });
  open = $state<string | null>(null);
  /** What the last request was refused with; stays until the next one succeeds. */
  problem = $state<string | null>(null);

  /** How this shop works after a call. */
  afterCall = $state.raw<AfterCallView>({ dispositions: [], templates: [], keys: {} });
  readonly keys = $derived(new Keymap(this.afterCall.keys));
  /** The field of the note of the open card, while it is on the page. */
  noteField: HTMLTextAreaElement | undefined;

  /** The map of keys is open. */
  mapOpen = $state(false);
  /** My phone rings for a call that was asked for here. */
  dialling = $state(false);
  /** No call is on at my line, so one may be made. */
  readonly free = $derived(!this.view.cards.some(isOn));

  /** The cards to draw: where there is none, the one that stands ready. */
  readonly cards = $derived(this.view.cards.length > 0 ? this.view.cards : [BLANK]);

  /** The card that stands open. */
  readonly card = $derived(this.view.cards.find(({ call }) => call === this.open));

  readonly #backend: Backend;
  readonly #drafts = new Map<string, NoteDraft>();
  readonly #finds = new Map<string, Find>();
  readonly #afters = new Map<string, After>();
  /** Calls of which the desk was told that something is being typed in their card. */
  readonly #drafting = new Set<string>();
  /** The call in whose card somebody types. */
  #writing: string | null = null;
  #chosen = false;
  /** The wrap-up that was asked to stay. */
  #attended: string | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Whether a card stands open, or is the one that stands ready. */
  isOpen(card: CardView): boolean {
    return card === BLANK || card.call === this.open;
  }

  /** The note of a call; it lives as long as the call, or until it is durable. */
  draft(card: CardView): NoteDraft {
    const known = this.#drafts.get(card.call);
    if (known) return known;
    const draft = new NoteDraft(card.call, card.note, (call, text) => this.#backend.saveNote(call, text));
    this.#drafts.set(card.call, draft);
    return draft;
  }

  /** What is being made of a call; it lives as long as the call, or until it is saved. */
  after(card: CardView): After {
    const known = this.#afters.get(card.call);
    if (known) return known;
    const after = new After(card.call, this.#backend);
    this.#afters.set(card.call, after);
    return after;
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

  /** Asks how this shop works after a call. */
  async learnSettings(): Promise<void> {
    const request = this.#backend.afterCall();
    if (await this.attempt(request)) this.afterCall = await request;
  }

  /** Takes a new view. */
  show(view: PanelView): void {
    // Made here and not while drawing: what is made while drawing is not followed there.
    for (const card of view.cards) this.find(card).know(card.pop.number, card.pop.verdict === 'unknown');
    for (const card of view.cards) this.draft(card).adopt(card.note);
    for (const card of view.cards) this.after(card);
    const alive = new Set(view.cards.map((card) => card.call));
    this.#dropDrafts(alive);
    for (const call of this.#finds.keys()) if (!alive.has(call)) this.#finds.delete(call);
    for (const [call, after] of this.#afters) if (!alive.has(call) && !after.unsaved) this.#afters.delete(call);
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

  /** The caret came into a field of a card, or left it. */
  caret(call: string, here: boolean): void {
    if (here) this.#writing = call;
    else if (this.#writing === call) this.#writing = null;
  }

  /** Whether somebody types in the card of a call. */
  isWriting(call: string): boolean {
    return this.#writing === call;
  }

  /** Makes everything durable and ends the wrap-up. What cannot be saved keeps the card open. */
  async saveAndClose(card: CardView): Promise<void> {
    if (card.state !== 'wrap_up' || !(await this.draft(card).flush())) return;
    const { followUp, ticket } = this.after(card);
    if (followUp.unsaved && !(await followUp.plan())) return void (followUp.open = true);
    if (ticket.unsaved) {
      this.openList(card, 'ticket');
      return void (ticket.problem = t('ticket.unsaved_subject'));
    }
    await this.attempt(this.#backend.closeCard(card.call));
  }

  /** Opens the form of a promise; the caret goes where the time is typed. */
  async openFollowUp(card: CardView, kind: 'follow_up' | 'callback'): Promise<void> {
    const { followUp } = this.after(card);
    followUp.kind = kind;
    followUp.open = true;
    await tick();
    followUp.input?.focus();
  }

  /** Opens a list that takes plain digits. Whoever shows it takes the focus. */
  openList(card: CardView, list: List): void {
    const after = this.after(card);
    if (after.list !== list) after.ticket.back();
    after.list = list;
  }

  /** One of the list that stands open. */
  choiceOf(card: CardView, index: number): (() => void) | null {
    const after = this.after(card);
    switch (after.list) {
      case 'dispositions': {
        const chosen = this.afterCall.dispositions[index];
        return chosen ? () => void this.toggleDisposition(card, chosen.code) : null;
      }
      case 'templates': {
        const template = this.afterCall.templates[index];
        return template ? () => this.insert(card, template.text) : null;
      }
      case 'ticket':
        return this.#ticketChoice(card, after, index);
      case null:
        return null;
    }
  }

  /** Opens the ticket whose kind was chosen. */
  async openTicket(card: CardView, priority: Priority): Promise<void> {
    const after = this.after(card);
    if (!(await after.ticket.open(priority, this.draft(card).text))) return;
    after.list = null;
    this.noteField?.focus();
  }

  /** Puts a text into the note, where the caret stands or last stood. */
  insert(card: CardView, text: string): void {
    const draft = this.draft(card);
    const at = this.noteField?.selectionStart ?? draft.text.length;
    const end = this.noteField?.selectionEnd ?? at;
    draft.type(draft.text.slice(0, at) + text + draft.text.slice(end));
    this.after(card).list = null;
    void tick().then(() => {
      this.noteField?.focus();
      this.noteField?.setSelectionRange(at + text.length, at + text.length);
    });
  }

  /** The result of a call; chosen again, it is taken away. */
  async toggleDisposition(card: CardView, code: string): Promise<boolean> {
    const stored = await this.attempt(this.#backend.setDisposition(card.call, card.disposition === code ? null : code));
    const after = this.after(card);
    if (stored && after.list === 'dispositions') {
      after.list = null;
      if (card.state !== 'wrap_up') this.noteField?.focus();
    }
    return stored;
  }

  /** What was said to a suggestion. An answer that may change later leaves it open. */
  async answer(card: CardView, product: string, answer: OfferAnswer): Promise<boolean> {
    const stored = await this.attempt(this.#backend.answerOffer(card.call, product, answer));
    const after = this.after(card);
    if (stored && after.opened === product && answer !== 'offered') after.opened = null;
    return stored;
  }

  /** Something open is settled; it can be taken back as long as the card lies here. */
  async settle(card: CardView, item: OpenItemView): Promise<void> {
    if (await this.#move(item, true)) this.after(card).done = item;
  }

  /** What was settled last is open again. */
  async unsettle(card: CardView): Promise<void> {
    const after = this.after(card);
    if (after.done && (await this.#move(after.done, false))) after.done = null;
  }

  /** What was made in this call was a mistake: a promise goes, a ticket is closed. */
  withdraw(item: OpenItemView): Promise<boolean> {
    return item.what.kind === 'task' ? this.attempt(this.#backend.dropTask(item.what.id)) : this.#move(item, true);
  }

  /** Tells the desk whether something is being typed in a card. */
  drafting(call: string, drafting: boolean): void {
    if (this.#drafting.has(call) === drafting) return;
    if (drafting) this.#drafting.add(call);
    else this.#drafting.delete(call);
    // A card that has gone has nothing to hold.
    void this.#backend.drafting(call, drafting).catch(() => undefined);
  }

  /** Folds what stands open, and says whether anything did. */
  back(): boolean {
    const { card } = this;
    if (!card) return false;
    if (this.after(card).back(card)) {
      this.noteField?.focus();
      return true;
    }
    const find = this.finding(card);
    // In the note there is no search to leave.
    if (!find || this.isWriting(card.call)) return false;
    find.back();
    return true;
  }

  choose(call: string, reference: string): Promise<boolean> {
    return this.attempt(this.#backend.chooseCustomer(call, reference));
  }

  /** The caller was verified. */
  uncover(call: string): Promise<boolean> {
    return this.attempt(this.#backend.uncover(call));
  }

  /** Somebody is at the panel: the wrap-up that stands open does not close by itself, also not once what is typed in it now
   * is saved. */
  attend(): void {
    const { card } = this;
    if (card?.state !== 'wrap_up' || this.#attended === card.call) return;
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

  #ticketChoice(card: CardView, { ticket }: After, index: number): (() => void) | null {
    if (ticket.kind === null) {
      const kind = KINDS[index];
      return kind ? () => (ticket.kind = kind) : null;
    }
    const priority = PRIORITIES[index];
    return priority ? () => void this.openTicket(card, priority) : null;
  }

  async #move({ what }: OpenItemView, settled: boolean): Promise<boolean> {
    switch (what.kind) {
      case 'task':
        return this.attempt(this.#backend.finishTask(what.id, settled));
      case 'ticket':
        return this.attempt(this.#backend.moveTicket(what.id, settled ? 'closed' : what.state));
      case 'source_ticket':
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
    return this.isWriting(call) || (this.#drafts.get(call)?.pending ?? false) || (this.#afters.get(call)?.unsaved ?? false);
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
