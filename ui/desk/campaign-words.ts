/* Campaigns in words. */
import type { CampaignView } from '../generated/CampaignView';
import type { EntryState } from '../generated/EntryState';
import type { TryResult } from '../generated/TryResult';
import { t, type Key } from '../shared/words';

export const ENTRY: Record<EntryState, Key> = { open: 'camp.s_open', accepted: 'camp.accepted', declined: 'camp.declined', reached: 'camp.reached', skipped: 'camp.s_skipped', opted_out: 'camp.s_opted_out' };
export const RESULT: Record<TryResult, Key> = { accepted: 'camp.accepted', declined: 'camp.declined', reached: 'camp.reached', again: 'camp.again', opted_out: 'camp.opt_out', skipped: 'camp.s_skipped' };

/** How many are not to be called any more. */
export const done = ({ counts }: CampaignView): number => counts.all - counts.open;

/** How far it is. */
export const progress = (campaign: CampaignView): string => t('camp.progress', { done: done(campaign), all: campaign.counts.all });
