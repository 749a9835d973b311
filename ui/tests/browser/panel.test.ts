/* What only a layout can show. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STATE_NAMES } from '../../demo/states';
import { Stage } from './stage';

const THEMES = ['light', 'dark'] as const;
let stage: Stage;

beforeAll(async () => void (stage = await Stage.open()));
afterAll(() => stage?.close());

/** What axe finds in both themes. */
async function findings(): Promise<string[]> {
  const found: string[] = [];
  for (const theme of THEMES) {
    await stage.theme(theme);
    found.push(...(await stage.findings()).map((finding) => `${theme}: ${finding}`));
  }
  return found;
}

describe('axe-core finds nothing wrong, light or dark', () => {
  it.each(STATE_NAMES)('in the panel: %s', async (state) => {
    await stage.show({ state });
    expect(await findings()).toEqual([]);
  });

  it('in the map of keys', async () => {
    await stage.show({ state: 'several' });
    await stage.page.keyboard.press('?');
    await stage.page.waitForSelector('[role=dialog]');
    expect(await findings()).toEqual([]);
  });

  it.each(['#/today', '#/calls', '#/tickets', '#/tickets/318', '#/customer/CRM%2F1118', '#/connection', '#/webhook', '#/numbers', '#/advice', '#/settings', '#/campaigns', '#/campaigns/1', '#/setup'])('in the desk: %s', async (hash) => {
    await stage.show({ page: 'index.html', width: 1100, height: 800, hash });
    expect(await findings()).toEqual([]);
  });

  it('in what is known of a person, before they are erased', async () => {
    await stage.show({ page: 'index.html', width: 1100, height: 800, hash: '#/customer/CRM%2F1118' });
    await stage.page.click('[data-testid=privacy]');
    await stage.page.click('[data-testid=look-before]');
    await stage.page.waitForSelector('[data-testid=erase-form]');
    expect(await findings()).toEqual([]);
  });
});

describe('the panel', () => {
  it.each(STATE_NAMES)('twice as large, nothing is cut off or runs out of the panel: %s', async (state) => {
    // A panel of 420 pixels at 200 % is 210 wide.
    await stage.show({ state, width: 210, height: 430, lang: 'hr' });
    const outside = await stage.page.evaluate(() => {
      const wide = [...document.querySelectorAll<HTMLElement>('.pop *')].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && (box.right > window.innerWidth + 1 || box.left < -1) && !element.closest('.unseen, svg');
      });
      const cut = [...document.querySelectorAll<HTMLElement>('.pop *')].filter((element) => {
        const style = getComputedStyle(element);
        return style.overflowX === 'hidden' && element.scrollWidth > element.clientWidth + 1 && !element.closest('.unseen');
      });
      return [...wide, ...cut].map((element) => element.outerHTML.slice(0, 160));
    });
    expect(outside).toEqual([]);
  });

  it('shows by a ring where the keyboard is, on everything it can reach', async () => {
    await stage.show({ state: 'covered' });
    const reached: string[] = [];
    for (let i = 0; i < 12; i += 1) {
      await stage.page.keyboard.press('Tab');
      const at = await stage.page.evaluate(() => {
        const on = document.activeElement as HTMLElement;
        if (on === document.body) return null;
        const ring = [on, on.closest('label')].some((element) => element && getComputedStyle(element).boxShadow !== 'none');
        return { name: on.dataset.testid ?? on.textContent?.trim() ?? '', ring };
      });
      if (at === null) break;
      expect(at).toEqual({ name: at.name, ring: true });
      reached.push(at.name);
    }
    expect(reached).toEqual(expect.arrayContaining(['uncover', 'note-input', 'open-keymap']));
  });

  it('has nothing that moves for who wants no motion', async () => {
    await stage.show({ state: 'ringing' });
    const moving = await stage.page.evaluate(() => document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 0).length);
    expect(moving).toBe(0);
  });
});
