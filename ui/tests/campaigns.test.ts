import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend';
import { campaignDemo } from '../demo/campaigns';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import { Campaign } from '../desk/campaign.svelte';
import { chooseLanguage } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T18:00:00Z');
const squeezed = (text: string | null | undefined) => text?.replace(/\s+/g, ' ').trim();
const settle = () => vi.advanceTimersByTimeAsync(1);

function shop(): Partial<Backend> {
  const kept = campaignDemo(NOW);
  return {
    campaigns: async () => kept.all(),
    pick: async (_pick, limit) => kept.pick(limit),
    newCampaign: async (campaign, picked) => kept.make(campaign, picked),
    campaignEntries: async (campaign, state, offset, limit) => kept.entries(campaign, state).slice(offset, offset + limit),
    campaignWork: async (campaign, entry) => kept.work(campaign, entry),
    campaignTry: async (entry, attempt) => kept.attempt(entry, attempt),
    closeCampaign: async (campaign, closed) => kept.close(campaign, closed),
  };
}

async function open(hash: string, more: Partial<Backend> = shop()) {
  location.hash = hash;
  const on = stage(stateNamed('idle', NOW)!, more);
  render(Desk, { backend: on.backend });
  await settle();
  return on;
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  location.hash = '';
  vi.useRealTimers();
});

describe('campaigns', () => {
  it('are listed with how far each is', async () => {
    await open('#/campaigns');
    expect(squeezed(screen.getByTestId('campaign').textContent)).toContain('14 of 120 done 2 of 20 accepted 10 want no advertising and are not called');
  });

  it('say that there is none, and that they cannot be read', async () => {
    await open('#/campaigns', {});
    expect(screen.getByTestId('campaigns-empty')).toBeTruthy();
    cleanup();
    await open('#/campaigns', { campaigns: async () => Promise.reject({ code: 'journal', message: 'the disk is gone' }) });
    expect(screen.getByTestId('problem').textContent).toContain('the disk is gone');
  });

  it('are made of a list that is looked at first, and says who wants no calls', async () => {
    await open('#/campaigns');
    await fireEvent.click(screen.getByTestId('new-campaign'));
    expect((screen.getByTestId('campaign-make') as HTMLButtonElement).disabled).toBe(true);
    await fireEvent.input(screen.getByTestId('campaign-name'), { target: { value: 'Winter' } });
    await fireEvent.input(screen.getByTestId('campaign-most'), { target: { value: '12' } });
    await fireEvent.click(screen.getByTestId('campaign-look'));
    await settle();
    expect(squeezed(screen.getByTestId('campaign-said').textContent)).toBe('12 customers; 1 wants no advertising and is not called');
    expect(screen.getAllByTestId('campaign-picked')).toHaveLength(8);
    await fireEvent.click(screen.getByTestId('campaign-make'));
    await settle();
    expect(location.hash).toBe('#/campaigns/2');
  });

  it('are made of those who have the tickets of a saved filter', async () => {
    const saved = { state: 'closed', about: 'complaint', priority: null, assignee: 'anyone', text: '' };
    const { asked } = await open('#/campaigns', { ...shop(), filters: async () => [{ name: 'Old complaints', filter: JSON.stringify(saved) }], pick: async (...args) => (asked.push(['pick', ...args]), []) });
    await fireEvent.click(screen.getByTestId('new-campaign'));
    await settle();
    await fireEvent.change(screen.getByTestId('campaign-of'), { target: { value: 'tickets' } });
    await fireEvent.click(screen.getByTestId('campaign-look'));
    await fireEvent.change(screen.getByTestId('campaign-filter'), { target: { value: 'Old complaints' } });
    await fireEvent.click(screen.getByTestId('campaign-look'));
    await settle();
    expect(asked.filter(([command]) => command === 'pick')).toEqual([['pick', { of: 'tickets', filter: { ...saved, state: 'open', about: null } }, 100], ['pick', { of: 'tickets', filter: saved }, 100]]);
  });

  it('give one customer after the other, with a result by one key', async () => {
    await open('#/campaigns/1');
    const first = screen.getByTestId('camp-name').textContent;
    await fireEvent.keyDown(window, { key: '1', altKey: true });
    await settle();
    expect(screen.getByTestId('camp-name').textContent).not.toBe(first);
    expect(screen.getByTestId('camp-progress').textContent).toBe('15 of 120 done');
  });

  it('put who is to be called again off until a time in words', async () => {
    const { asked } = await open('#/campaigns/1');
    await fireEvent.input(screen.getByTestId('camp-note'), { target: { value: 'In a meeting' } });
    await fireEvent.click(screen.getByTestId('camp-again'));
    await fireEvent.input(screen.getByTestId('camp-when'), { target: { value: 'no such time' } });
    await settle();
    await fireEvent.click(screen.getByTestId('camp-again-do'));
    await settle();
    expect(screen.getByTestId('camp-progress').textContent).toBe('14 of 120 done');
    await fireEvent.input(screen.getByTestId('camp-when'), { target: { value: 'Fri 10:00' } });
    await settle();
    await fireEvent.click(screen.getByTestId('camp-again-do'));
    await settle();
    expect(asked.some(([command]) => command === 'readWhen')).toBe(true);
    expect((screen.getByTestId('camp-note') as HTMLTextAreaElement).value).toBe('');
  });

  it('draw only the rows that stand on the screen, and read the others when they come', async () => {
    const parts: number[] = [];
    const kept = shop();
    await open('#/campaigns/1', { ...kept, campaignEntries: async (campaign, state, offset, limit) => (parts.push(offset), kept.campaignEntries!(campaign, state, offset, limit)) });
    await settle();
    const rows = screen.getAllByTestId('camp-row');
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.length).toBeLessThan(60);
    // what stands on the screen, and the part behind it so that it need not be awaited
    expect(parts).toEqual([0, 100]);
    expect(rows.every((row) => squeezed(row.textContent) !== '')).toBe(true);
  });

  it('never offer to call who wants no advertising', async () => {
    await open('#/campaigns/1');
    await fireEvent.change(screen.getByTestId('camp-filter'), { target: { value: 'opted_out' } });
    await settle();
    const rows = screen.getAllByTestId('camp-row');
    expect(rows).toHaveLength(10);
    expect(rows.every((row) => row.querySelector('button') === null && row.textContent!.includes('Wants no advertising'))).toBe(true);
  });

  it('go on to the next although the journal is read again while a result is being kept', async () => {
    const kept = shop();
    let let_go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (let_go = resolve));
    const page = new Campaign(stage(stateNamed('idle', NOW)!, { ...kept, campaignTry: async (entry, attempt) => {
      const work = await kept.campaignTry!(entry, attempt);
      await held;
      return work;
    } }).backend, 1);
    await page.read();
    const first = page.work!.entry!.id;
    const said = page.say('accepted', null);
    await settle();
    const heard = page.read();
    let_go();
    await Promise.all([said, heard]);
    expect(page.work!.entry!.id).not.toBe(first);
    await page.read();
    expect(page.work!.entry!.id).not.toBe(first);
  });

  it('keep the note and say why where a result could not be kept', async () => {
    await open('#/campaigns/1', { ...shop(), campaignTry: async () => Promise.reject({ code: 'journal', message: 'the disk is full' }) });
    await fireEvent.input(screen.getByTestId('camp-note'), { target: { value: 'Two boxes' } });
    await fireEvent.click(screen.getByTestId('camp-accepted'));
    await settle();
    expect(screen.getByTestId('refused').textContent).toContain('the disk is full');
    expect((screen.getByTestId('camp-note') as HTMLTextAreaElement).value).toBe('Two boxes');
  });
});
