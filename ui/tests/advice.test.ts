import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoAdvice } from '../demo/advice';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import { chooseLanguage } from '../shared/words';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T18:00:00Z');
const squeezed = (one: Element) => one.textContent?.replace(/\s+/g, ' ').trim();
const cells = (row: Element) => [...row.querySelectorAll('td')].map(squeezed).join(' ');

function open(adviceReport: () => Promise<ReturnType<typeof demoAdvice>>) {
  location.hash = '#/advice';
  render(Desk, { backend: stage(stateNamed('idle', NOW)!, { adviceReport }).backend });
}

beforeEach(() => chooseLanguage('en', ''));
afterEach(() => {
  cleanup();
  location.hash = '';
});

describe('the report of the advice', () => {
  it('says which way answers each question, and where nothing is said', async () => {
    open(async () => demoAdvice());
    expect(squeezed(await screen.findByTestId('advice-any'))).toContain('Answered by the two heads, judged on 1,240 customers.');
    const used = screen.getByTestId('advice-any').querySelector('tr.used')!;
    expect(cells(used)).toBe('the two heads used 74.6% 0.360 0 SE');
    expect(squeezed(screen.getByTestId('advice-with'))).toContain('Silent: on 1,240 customers nothing clearly beats what everybody buys.');
  });

  it('sets what was stated beside what came later, and offers beside their answers', async () => {
    open(async () => demoAdvice());
    const rows = (await screen.findByTestId('advice-segments')).querySelectorAll('tbody tr');
    expect([...rows].map(cells)).toEqual(['Comes often 46 71 23 30', 'Came often, silent lately 12 14 2 9']);
    const stated = [...document.querySelectorAll('table[data-testid="advice-stated"] tbody tr')].map(cells);
    expect(stated).toEqual(['20% 14.8% 17.1% 312 9,120', '40% 28.7% 30.2% 96 2,210']);
  });

  it('says why it could not be made, and is made when asked again', async () => {
    let works = false;
    open(async () => {
      if (!works) throw { code: 'no_advice_report', said: [], message: 'the cache cannot be read' };
      return demoAdvice();
    });
    expect(squeezed(await screen.findByTestId('problem'))).toContain('the cache cannot be read');
    works = true;
    await fireEvent.click(screen.getByTestId('advice-again'));
    await screen.findByTestId('advice-any');
    expect(screen.queryByTestId('problem')).toBeNull();
  });
});
