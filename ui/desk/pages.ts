/* The pages of the desk, in the order of their keys. */
import type { LogFilter } from '../generated/LogFilter';
import type { IconName } from '../shared/icons';
import type { Role } from '../generated/Role';
import type { Key } from '../shared/words';

export type Page = 'today' | 'calls' | 'tickets' | 'campaigns' | 'board' | 'log' | 'reports' | 'audit' | 'connection' | 'webhook' | 'numbers' | 'sources' | 'advice' | 'settings' | 'users' | 'setup' | 'why' | 'customer';

/** The page of one call's trace; reached from its row. */
const WHY = '#/why/';

/** The live board. */
export const BOARD = '#/board';

/** The live board for a screen on the wall. */
export const WALL = `${BOARD}/wall`;

/** The pages of a supervisor stand together under a heading of their own. `least` is who may open a page; Rust refuses what is in it to
 * everybody else. */
export const PAGES: { page: Page; address: string; title: Key; icon: IconName; team?: true; least?: Role }[] = [
  { page: 'today', address: '#/today', title: 'desk.today', icon: 'sun' },
  { page: 'calls', address: '#/calls', title: 'desk.calls', icon: 'phone' },
  { page: 'tickets', address: '#/tickets', title: 'desk.tickets', icon: 'ticket' },
  { page: 'campaigns', address: '#/campaigns', title: 'desk.campaigns', icon: 'megaphone' },
  { page: 'board', address: BOARD, title: 'desk.board', icon: 'activity', team: true, least: 'supervisor' },
  { page: 'log', address: '#/log', title: 'desk.log', icon: 'list', team: true, least: 'supervisor' },
  { page: 'reports', address: '#/reports', title: 'desk.reports', icon: 'chart-column', team: true, least: 'supervisor' },
  { page: 'audit', address: '#/audit', title: 'desk.audit', icon: 'shield', team: true, least: 'supervisor' },
  { page: 'connection', address: '#/connection', title: 'desk.connection', icon: 'plug' },
  { page: 'webhook', address: '#/webhook', title: 'desk.webhook', icon: 'shield-check', least: 'admin' },
  { page: 'numbers', address: '#/numbers', title: 'desk.numbers', icon: 'search-x', least: 'supervisor' },
  { page: 'sources', address: '#/sources', title: 'desk.sources', icon: 'users', least: 'admin' },
  { page: 'advice', address: '#/advice', title: 'desk.advice', icon: 'lightbulb', least: 'supervisor' },
  { page: 'settings', address: '#/settings', title: 'desk.settings', icon: 'settings', least: 'admin' },
  { page: 'users', address: '#/users', title: 'desk.users', icon: 'user-plus', least: 'admin' },
];

/** The pages that have something to show: a request can be tried where a webhook feed is set up. */
export function pagesWith(webhooks: string[]): typeof PAGES {
  return PAGES.filter(({ page }) => page !== 'webhook' || webhooks.length > 0);
}

/** Who may open a page: everybody where nothing is said. */
export function leastOf(page: Page): Role {
  return page === 'setup' ? 'admin' : (PAGES.find((one) => one.page === page)?.least ?? 'agent');
}

/** The pages that a digit turns to, in the order of the digits: those of a supervisor have none. */
export function withDigits(pages: typeof PAGES): typeof PAGES {
  return pages.filter(({ team }) => !team);
}

/** The page of an address; the first where there is none. */
export function pageOf(hash: string): Page {
  if (hash.startsWith(SETUP)) return 'setup';
  if (tracedCall(hash) !== null) return 'why';
  if (customerOf(hash) !== null) return 'customer';
  return PAGES.find(({ address }) => hash.startsWith(address))?.page ?? 'today';
}

/** The first start. */
export const SETUP = '#/setup';

/** The page of one customer. */
const CUSTOMER = '#/customer/';

/** Where a customer is shown. */
export function customerAddress(reference: string): string {
  return CUSTOMER + encodeURIComponent(reference);
}

/** The customer that an address asks for; null for any other address. */
export function customerOf(hash: string): string | null {
  return named(hash, CUSTOMER);
}

/** The log of all calls; behind the question mark a filter. */
const LOG = '#/log';

/** Where the story of a call is shown. */
export function storyAddress(call: string): string {
  return `${LOG}/${encodeURIComponent(call)}`;
}

/** The call whose story an address asks for; null for any other address. */
export function storyOf(hash: string): string | null {
  return named(hash, `${LOG}/`);
}

/** Where the calls are shown that a filter lets through. */
export function logAddress(filter: Partial<LogFilter>): string {
  return `${LOG}?${encodeURIComponent(JSON.stringify(filter))}`;
}

/** What an address filters the log by; null for any other address. What the log cannot be filtered by is refused when it is read. */
export function logFilterOf(hash: string): Partial<LogFilter> | null {
  if (hash === LOG) return {};
  const text = named(hash, `${LOG}?`);
  if (text === null) return null;
  try {
    const filter: unknown = JSON.parse(text);
    return typeof filter === 'object' && filter !== null ? filter : {};
  } catch {
    return {};
  }
}

/** Where a ticket is shown. */
export function ticketAddress(id: number): string {
  return `#/tickets/${id}`;
}

/** The ticket that an address asks for; null for any other address. */
export function ticketOf(hash: string): number | null {
  const id = /^#\/tickets\/(\d{1,15})$/.exec(hash)?.[1];
  return id === undefined ? null : Number(id);
}

/** Where a campaign is shown. */
export function campaignAddress(id: number): string {
  return `#/campaigns/${id}`;
}

/** The campaign that an address asks for; null for any other address. */
export function campaignOf(hash: string): number | null {
  const id = /^#\/campaigns\/(\d{1,15})$/.exec(hash)?.[1];
  return id === undefined ? null : Number(id);
}

/** Where the trace of a call is shown. */
export function whyAddress(call: string): string {
  return WHY + encodeURIComponent(call);
}

/** The call whose trace an address asks for; null for any other address. */
export function tracedCall(hash: string): string | null {
  return named(hash, WHY);
}

/** What stands behind the beginning of an address. */
function named(hash: string, beginning: string): string | null {
  if (!hash.startsWith(beginning)) return null;
  try {
    return decodeURIComponent(hash.slice(beginning.length)) || null;
  } catch {
    return null;
  }
}
