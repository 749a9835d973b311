/* How the phone systems are, in one word for all of them. */
import type { FeedView } from '../generated/FeedView';
import type { Key } from '../shared/words';

/** Null while it is not known. */
export function systemHealth(feeds: FeedView[] | null): { look: 'good' | 'bad' | 'wait'; key: Key } | null {
  if (!feeds) return null;
  const up = feeds.filter((feed) => feed.health === 'up').length;
  const broken = feeds.filter((feed) => feed.health === 'lost' || feed.health === 'refused').length;
  if (feeds.length === 0) return { look: 'wait', key: 'desk.system_none' };
  if (broken > 0) return up > 0 ? { look: 'wait', key: 'desk.system_part' } : { look: 'bad', key: 'desk.system_down' };
  return up === feeds.length ? { look: 'good', key: 'desk.system_up' } : { look: 'wait', key: 'desk.system_starting' };
}
