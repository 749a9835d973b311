/* Every state of both windows, looked at by axe-core without a layout: names, roles, relations. Contrast and sizes need
 * a browser: see browser.test.ts. */
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import axe from 'axe-core';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeBackend } from '../backend.fake';
import { STATE_NAMES } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import Panel from '../pop/Panel.svelte';
import { chooseLanguage } from '../shared/words';

const settled = () => new Promise((done) => setTimeout(done, 30));

/** What axe finds wrong, one line a rule. */
async function findings(): Promise<string[]> {
  // These two draw text, which needs a browser.
  const rules = { 'color-contrast': { enabled: false }, 'label-content-name-mismatch': { enabled: false } };
  const { violations } = await axe.run(document, { rules, resultTypes: ['violations'] });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`);
}

afterEach(cleanup);
chooseLanguage('en', '');
document.documentElement.lang = 'en';
document.title = 'Ringside';

describe('axe-core finds nothing wrong', () => {
  it.each(STATE_NAMES)('in the panel: %s', { timeout: 60_000 }, async (state) => {
    render(Panel, { backend: fakeBackend(state) });
    await settled();
    expect(await findings()).toEqual([]);
  });

  it('in the map of keys', { timeout: 60_000 }, async () => {
    render(Panel, { backend: fakeBackend('ringing') });
    await settled();
    await fireEvent.keyDown(window, { key: '?' });
    await settled();
    expect(screen.getByRole('dialog', { name: 'Keys' })).toBeTruthy();
    expect(await findings()).toEqual([]);
  });

  it('in the sources of customer data', { timeout: 60_000 }, async () => {
    location.hash = '#/sources';
    render(Desk, { backend: fakeBackend('idle') });
    await settled();
    expect(screen.getAllByTestId('source')).toHaveLength(3);
    expect(await findings()).toEqual([]);
    location.hash = '';
  });

  it.each(['agent', 'feed', 'panel', 'disposition'])('in the settings: %s', { timeout: 60_000 }, async (group) => {
    location.hash = '#/settings';
    render(Desk, { backend: fakeBackend('idle') });
    await settled();
    await fireEvent.click(screen.getByTestId(`set-group-${group}`));
    await settled();
    expect(await findings()).toEqual([]);
    location.hash = '';
  });

  it.each(['#/campaigns', '#/campaigns/1', '#/setup'])('in the campaigns and the first steps: %s', { timeout: 60_000 }, async (hash) => {
    location.hash = hash;
    render(Desk, { backend: fakeBackend('idle') });
    await settled();
    if (hash === '#/campaigns') await fireEvent.click(screen.getByTestId('new-campaign'));
    await settled();
    expect(await findings()).toEqual([]);
    location.hash = '';
  });

  it.each(['#/board', '#/users'])('in the pages of a team: %s', { timeout: 60_000 }, async (hash) => {
    location.hash = hash;
    render(Desk, { backend: fakeBackend('idle') });
    await settled();
    expect(await findings()).toEqual([]);
    location.hash = '';
  });

  it.each(['#/log', '#/log/log-0'])('in the log of all calls and the story of one: %s', { timeout: 60_000 }, async (hash) => {
    location.hash = hash;
    render(Desk, { backend: fakeBackend('idle') });
    await settled();
    if (hash === '#/log') await fireEvent.change(screen.getByTestId('log-period'), { target: { value: 'between' } });
    else await fireEvent.click(screen.getByTestId('earlier-texts'));
    await settled();
    expect(await findings()).toEqual([]);
    location.hash = '';
  });

  it('in the desk', { timeout: 60_000 }, async () => {
    render(Desk, { backend: fakeBackend('idle') });
    await settled();
    expect(await findings()).toEqual([]);
  });
});
