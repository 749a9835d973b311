/* A customer's page as it is now: read again whenever the journal changed. */
import type { Backend, ToDo } from '../backend';
import type { ContactRequest } from '../generated/ContactRequest';
import type { CustomerPageView } from '../generated/CustomerPageView';
import type { CustomerView } from '../generated/CustomerView';
import type { MoneyView } from '../generated/MoneyView';
import type { OrderView } from '../generated/OrderView';
import type { PagePlace } from '../generated/PagePlace';
import type { TimelineView } from '../generated/TimelineView';
import { why } from '../shared/said';

export class CustomerPage {
  view = $state.raw<CustomerPageView | null>(null);
  /** What was read of the timeline and of the orders, and behind which places they go on. */
  events = $state.raw<TimelineView[]>([]);
  nextEvents = $state.raw<PagePlace | null>(null);
  orders = $state.raw<OrderView[]>([]);
  nextOrders = $state.raw<PagePlace | null>(null);
  problem = $state<string | null>(null);
  refused = $state<string | null>(null);
  dialling = $state(false);
  /** Whom it was merged with just now, and who stood apart before. */
  merged = $state.raw<{ other: CustomerView; apart: string[] } | null>(null);
  /** That was taken back. */
  undone = $state(false);
  /** What is covered was asked for. */
  uncovered = $state(false);

  readonly #backend: Backend;
  readonly #reference: string;
  #asked = 0;
  readonly #reading = new Set<'events' | 'orders'>();

  constructor(backend: Backend, reference: string) {
    this.#backend = backend;
    this.#reference = reference;
  }

  /** The record that the page was asked for by. */
  get reference(): string {
    return this.#reference;
  }

  /** Reads the page again, its lists as far as they were read; an answer that comes late is dropped. */
  async read(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const view = await this.#backend.customerPage(this.#reference, this.uncovered);
      let [events, nextEvents] = [view.history.timeline, view.history.next];
      while (nextEvents && events.length < this.events.length && asked === this.#asked) {
        const page = await this.#backend.history(this.#reference, nextEvents);
        [events, nextEvents] = [[...events, ...page.timeline], page.next];
      }
      let { orders, next: nextOrders } = view.orders;
      while (nextOrders && orders.length < this.orders.length && asked === this.#asked) {
        const page = await this.#backend.orders(this.#reference, nextOrders, this.uncovered);
        [orders, nextOrders] = [joined(orders, page.orders), page.next];
      }
      if (asked !== this.#asked) return;
      [this.view, this.events, this.nextEvents, this.orders, this.nextOrders, this.problem] = [view, events, nextEvents, orders, nextOrders, null];
    } catch (error) {
      if (asked === this.#asked) this.problem = why(error);
    }
  }

  moreEvents(): Promise<void> {
    return this.#more('events', this.nextEvents, async (place) => {
      const page = await this.#backend.history(this.#reference, place);
      return () => ([this.events, this.nextEvents] = [[...this.events, ...page.timeline], page.next]);
    });
  }

  moreOrders(): Promise<void> {
    return this.#more('orders', this.nextOrders, async (place) => {
      const page = await this.#backend.orders(this.#reference, place, this.uncovered);
      return () => ([this.orders, this.nextOrders] = [joined(this.orders, page.orders), page.next]);
    });
  }

  /** Reads on, one page at a time; what was read for a page that is read again meanwhile is dropped. */
  async #more(list: 'events' | 'orders', place: PagePlace | null, read: (place: PagePlace) => Promise<() => unknown>): Promise<void> {
    if (!place || this.#reading.has(list)) return;
    this.#reading.add(list);
    const asked = this.#asked;
    try {
      const take = await read(place);
      if (asked === this.#asked) take();
    } catch (error) {
      this.refused = why(error);
    } finally {
      this.#reading.delete(list);
    }
  }

  uncover(): Promise<void> {
    this.uncovered = true;
    return this.read();
  }

  addContact(contact: ContactRequest): Promise<boolean> {
    return this.#ask(() => this.#backend.addContact(this.#reference, contact));
  }

  dropContact(id: number): Promise<boolean> {
    return this.#ask(() => this.#backend.dropContact(id));
  }

  plan(todo: ToDo, number: string): Promise<boolean> {
    return this.#ask(() => this.#backend.planFor(this.#reference, todo, number));
  }

  /** Makes this customer and another one; what is done can be taken back as long as the page shows it. */
  async merge(other: CustomerView): Promise<boolean> {
    const merged = await this.#ask(async () => {
      const apart = await this.#backend.linkRecords(this.#reference, other.reference);
      this.merged = { other, apart };
    });
    this.undone = false;
    return merged;
  }

  async undoMerge(): Promise<void> {
    const merged = this.merged;
    if (!merged) return;
    if (await this.#ask(() => this.#backend.undoLink(this.#reference, merged.other.reference, merged.apart))) [this.merged, this.undone] = [null, true];
  }

  part(reference: string): Promise<boolean> {
    return this.#ask(() => this.#backend.partRecord(reference));
  }

  finish(task: number): Promise<boolean> {
    return this.#ask(() => this.#backend.finishTask(task, true));
  }

  async dial(number: string): Promise<void> {
    if (this.dialling) return;
    this.dialling = true;
    await this.#ask(() => this.#backend.dial(number));
    this.dialling = false;
  }

  async #ask(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.refused = null;
      await this.read();
      return true;
    } catch (error) {
      this.refused = why(error);
      return false;
    }
  }
}

/** Orders and those of the next page, which may begin with the rest of an order that is known. */
function joined(known: OrderView[], more: OrderView[]): OrderView[] {
  const all = new Map(known.map((order) => [order.number, order]));
  for (const order of more) {
    const before = all.get(order.number);
    all.set(order.number, before ? { ...before, goods: [...before.goods, ...order.goods], amounts: summed([...before.amounts, ...order.amounts]) } : order);
  }
  return [...all.values()];
}

function summed(amounts: MoneyView[]): MoneyView[] {
  const sums = new Map<string, MoneyView>();
  for (const amount of amounts) {
    const sum = sums.get(amount.currency);
    sums.set(amount.currency, sum ? { ...sum, minor: sum.minor + amount.minor } : amount);
  }
  return [...sums.values()];
}
