/* Campaigns of the made-up shop, kept as long as the page lives. */
import type { CampaignEntryView } from '../generated/CampaignEntryView';
import type { CampaignView } from '../generated/CampaignView';
import type { CampaignWorkView } from '../generated/CampaignWorkView';
import type { EntryState } from '../generated/EntryState';
import type { NewCampaign } from '../generated/NewCampaign';
import type { PickedView } from '../generated/PickedView';
import type { TryRequest } from '../generated/TryRequest';
import type { TryView } from '../generated/TryView';

const FIRST = ['Ana', 'Marko', 'Lucía', 'Petra', 'Jonas', 'Božena', 'Åsa', 'Ivo'];
const LAST = ['Kovačić', 'García', 'Berg', 'Horvat', 'Lindqvist', 'Anders', 'Novak', 'Meyer'];

/** Customers to call, one in eleven of whom wants no advertising. */
function people(count: number): PickedView[] {
  return Array.from({ length: count }, (_, i) => ({
    customer: `CRM/${2000 + i}`, name: `${FIRST[i % 8]} ${LAST[(i >> 3) % 8]}`, number: `+49 30 55501${String(i).padStart(3, '0')}`, why: i % 3 === 0 ? 'cannot lose' : 'at risk', opted_out: i % 11 === 10,
  }));
}

interface Kept { head: Omit<CampaignView, 'counts' | 'next'>; entries: CampaignEntryView[]; tries: Map<number, TryView[]> }

export function campaignDemo(now: number) {
  const all: Kept[] = [];
  let id = 0;

  function make({ name, goal, target }: NewCampaign, picked: PickedView[]): CampaignView {
    const head = { id: ++id, name, goal, target, made: new Date(now).toISOString(), closed: null };
    const entries = picked.map(({ opted_out, ...one }, i): CampaignEntryView => ({ id: head.id * 10_000 + i, ...one, state: opted_out ? 'opted_out' : 'open', next: null, tries: 0 }));
    all.unshift({ head, entries, tries: new Map() });
    return view(all[0]!);
  }

  function view({ head, entries, tries }: Kept): CampaignView {
    const count = (...states: EntryState[]) => entries.filter(({ state }) => states.includes(state)).length;
    const made = [...tries.values()].flat().filter(({ result }) => result !== 'skipped').length;
    return { ...head, next: null, counts: { all: entries.length, open: count('open'), reached: count('accepted', 'declined', 'reached'), accepted: count('accepted'), declined: count('declined'), skipped: count('skipped'), opted_out: count('opted_out'), tries: made } };
  }

  const kept = (campaign: number) => {
    const found = all.find(({ head }) => head.id === campaign);
    if (!found) throw { code: 'no_such_campaign', said: [{ key: 'refused.no_such_campaign', params: {} }], message: '' };
    return found;
  };

  function work(campaign: number, entry: number | null): CampaignWorkView {
    const found = kept(campaign);
    const next = found.entries.find((one) => (entry === null ? one.state === 'open' && one.next === null : one.id === entry)) ?? null;
    return { campaign: view(found), entry: found.head.closed ? null : next, tries: next ? (found.tries.get(next.id) ?? []) : [] };
  }

  function attempt(entry: number, { result, note, next }: TryRequest): CampaignWorkView {
    const found = all.find(({ entries }) => entries.some(({ id }) => id === entry))!;
    const state: EntryState = result === 'again' ? 'open' : result;
    found.entries = found.entries.map((one) => (one.id === entry ? { ...one, state, next, tries: one.tries + (result === 'skipped' ? 0 : 1) } : one));
    found.tries.set(entry, [{ at: new Date(now).toISOString(), line: '101', result, note, next, call: null }, ...(found.tries.get(entry) ?? [])]);
    return work(found.head.id, null);
  }

  make({ name: 'Autumn gift boxes', goal: 'Offer the gift boxes before the first of December. Free delivery from 60 €.', target: 20 }, people(120));
  const first = all[0]!;
  for (const [i, result] of (['accepted', 'declined', 'reached', 'accepted'] as const).entries()) attempt(first.entries[i]!.id, { result, note: '', next: null, begun: null });
  attempt(first.entries[4]!.id, { result: 'again', note: 'At lunch, back at two', next: null, begun: null });

  return {
    make, work, attempt,
    all: () => all.map(view),
    pick: (limit: number) => people(Math.min(limit, 120)),
    entries: (campaign: number, state: EntryState | null) => kept(campaign).entries.filter((one) => state === null || one.state === state),
    close(campaign: number, closed: boolean): CampaignView {
      const found = kept(campaign);
      found.head = { ...found.head, closed: closed ? new Date(now).toISOString() : null };
      return view(found);
    },
  };
}
