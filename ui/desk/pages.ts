/* The pages of the desk, in the order of their keys. */
import type { IconName } from '../shared/icons';
import type { Key } from '../shared/words';

export type Page = 'calls' | 'connection' | 'webhook';

export const PAGES: { page: Page; address: string; title: Key; icon: IconName }[] = [
  { page: 'calls', address: '#/calls', title: 'desk.calls', icon: 'phone' },
  { page: 'connection', address: '#/connection', title: 'desk.connection', icon: 'plug' },
  { page: 'webhook', address: '#/webhook', title: 'desk.webhook', icon: 'shield-check' },
];

/** The pages that have something to show: a request can be tried where a webhook feed is set up. */
export function pagesWith(webhooks: string[]): typeof PAGES {
  return PAGES.filter(({ page }) => page !== 'webhook' || webhooks.length > 0);
}

/** The page of an address; the first where there is none. */
export function pageOf(hash: string): Page {
  return PAGES.find(({ address }) => hash.startsWith(address))?.page ?? 'calls';
}
