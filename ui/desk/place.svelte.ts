/* Where somebody is in the desk: the page and what it is of, as the address says. */
import { campaignOf, customerOf, pageOf, storyOf, ticketOf, tracedCall, WALL, type Page } from './pages';

export class Place {
  page = $state<Page>('today');
  /** The call whose trace is asked for. */
  traced = $state<string | null>(null);
  customer = $state<string | null>(null);
  ticket = $state<number | null>(null);
  campaign = $state<number | null>(null);
  /** The call whose story is asked for. */
  story = $state<string | null>(null);
  /** The board is wanted for a screen on the wall. */
  wall = $state(false);

  constructor() {
    this.arrive();
  }

  /** Reads the address anew. */
  readonly arrive = (): void => {
    const { hash } = location;
    [this.page, this.traced, this.customer] = [pageOf(hash), tracedCall(hash), customerOf(hash)];
    [this.ticket, this.campaign, this.story] = [ticketOf(hash), campaignOf(hash), storyOf(hash)];
    this.wall = hash === WALL;
  };
}
