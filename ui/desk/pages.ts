/* The pages of the desk, in the order of their keys. */
import type { IconName } from '../shared/icons';
import type { Key } from '../shared/words';

export type Page = 'calls' | 'connection';

export const PAGES: { page: Page; address: string; title: Key; icon: IconName }[] = [
  { page: 'calls', address: '#/calls', title: 'desk.calls', icon: 'phone' },
  { page: 'connection', address: '#/connection', title: 'desk.connection', icon: 'plug' },
];

/** The page of an address; the first where there is none. */
export function pageOf(hash: string): Page {
  return PAGES.find(({ address }) => hash.startsWith(address))?.page ?? 'calls';
}
