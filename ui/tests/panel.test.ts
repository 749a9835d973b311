/* Who is calling, as the panel says it. */
import { cleanup, fireEvent, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stateNamed } from '../demo/states';
import type { PanelView } from '../generated/PanelView';
import { chooseLanguage } from '../shared/words';
import { open } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const at = (name: string) => stateNamed(name, NOW)!;
const text = (id: string) => screen.getByTestId(id).textContent?.replace(/\s+/g, ' ').trim();
const field = () => screen.getByTestId<HTMLTextAreaElement>('note-input');

/** The same panel with other words in the first card. */
const changed = (view: PanelView, change: Partial<PanelView['cards'][number]>): PanelView => ({ ...view, cards: view.cards.map((card, i) => (i === 0 ? { ...card, ...change } : card)) });

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('a call that changes hands', () => {
  it('says who passed it on, and through which queue it came', async () => {
    await open(at('handed-over'));
    expect(text('handed-over')).toBe('Line 101 passed this call to you after speaking to you');
    expect(screen.getByTestId('card').textContent).toContain('queue support');
  });

  it('says politely that a colleague answered, once', async () => {
    const { say } = await open(at('ringing'));
    await say(at('taken'));
    const [live] = screen.getAllByRole('status');
    expect(live?.textContent).toBe('Line 102 answered');
    await say({ ...at('overdue'), gone: at('taken').gone });
    expect(live?.textContent).toContain('Call from');
  });
});

describe('who is calling', () => {
  it('says quietly what kind of relation it is, in each language, and nothing where nothing is known', async () => {
    const overdue = at('overdue');
    const of = (relation: PanelView['cards'][number]['pop']['relation']) => changed({ ...overdue, cards: overdue.cards.slice(0, 1) }, { state: 'talking', pop: { ...overdue.cards[0]!.pop, relation } });
    const relation = { segment: 'at_risk', came_back: { came: 3, of: 10 }, orders: 2.5, value: { minor: 12_000, currency: 'EUR', digits: 2 }, every_days: 21, overdue: true } as const;
    const said = {
      en: 'Came often, silent lately · orders about every 21 days, silent for more than twice that · 3 of 10 such customers came back within 90 days · expected within a year: orders 2.5, worth €120.00',
      es: 'Compraba a menudo, últimamente en silencio · pide cada 21 días aproximadamente, hace más del doble que no compra · 3 de 10 clientes así volvieron en 90 días · esperado en un año: pedidos 2,5, por valor de 120,00 €',
      hr: 'Kupnja je bila česta, u zadnje vrijeme tišina · naručuje otprilike svaki 21 dan, bez kupnje više nego dvostruko dulje · u 90 dana vratilo se 3 od 10 takvih kupaca · očekivano u godinu dana: narudžbi 2,5, vrijednost 120,00 €',
    } as const;
    for (const language of ['en', 'es', 'hr'] as const) {
      chooseLanguage(language, '');
      await open(of(relation));
      expect(text('relation')).toBe(said[language]);
      expect(screen.getByTestId('balance')).toBeTruthy();
      cleanup();
    }
    await open(of(null));
    expect(screen.queryByTestId('relation')).toBeNull();
  });

  it('says the tier of the shop and what it entitles to, while it rings only its name, and nothing where there is none', async () => {
    const tier = at('tier');
    const title = { en: 'Tier', es: 'Nivel', hr: 'Razina' } as const;
    for (const language of ['en', 'es', 'hr'] as const) {
      chooseLanguage(language, '');
      await open(tier);
      expect(text('tier')).toBe(`${title[language]} Gold Free delivery, goods on approval`);
      cleanup();
    }
    chooseLanguage('en', '');
    await open(changed(tier, { state: 'ringing' }));
    expect(text('tier')).toBe('Tier Gold');
    cleanup();
    await open(at('talking'));
    expect(screen.queryByTestId('tier')).toBeNull();
  });

  it('asks before it opens anything of a customer whom the number only hints at', async () => {
    await open(at('perhaps'));
    expect([text('who-company'), text('match-grade')]).toEqual(['Perhaps this customer', 'Similar number: a hint only']);
    expect(text('candidate-why')).toBe('The stored number has no area code; yours was supplied.');
    expect([screen.queryByTestId('balance'), screen.queryByTestId('purchases')]).toEqual([null, null]);
  });

  it('says why a number matched nationally only', async () => {
    await open(at('lost'));
    expect(text('match-why')).toBe('The caller’s number came without a country code; it was read as one of Germany.');
  });

  it('shows the one customer with grade, balance, purchases and suggestion', async () => {
    await open(at('ringing'));
    expect([text('who-name'), text('who-company'), text('who-number'), text('match-grade')]).toEqual(['Božena Kovačić', 'Konoba Kod Šime, Split', '+385 21 555 014', 'Exact match']);
    expect(text('balance')).toContain('€418.60');
    expect(text('purchases')).toContain('Since 2017 · 64 orders');
    expect(text('suggestion')).toContain('At least 25 in 100 orders with Istrian olive oil also had it (46 of 148)');
    expect(screen.getByRole('region', { name: 'Caller' })).toBe(screen.getByTestId('panel'));
  });

  it('gives no share for a suggestion with few orders behind it', async () => {
    await open(at('talking'));
    expect(screen.getAllByTestId('suggestion')[2]?.textContent).toContain('Together in 6 of 8 orders with Truffle salt');
  });

  it('names what is overdue and how old it is', async () => {
    await open(at('overdue'));
    expect(text('balance-overdue')).toBe('€1,126.40 overdue');
    expect(text('balance')).toContain('1–30 days€486.40');
    expect(text('balance')).not.toContain('over 60');
  });

  it('pauses suggestions while something is overdue until the agent wants them', async () => {
    await open(at('overdue'));
    expect(screen.queryAllByTestId('suggestion')).toEqual([]);
    await fireEvent.click(screen.getByRole('button', { name: 'Show' }));
    expect(screen.getAllByTestId('suggestion')).toHaveLength(3);
  });

  it.each([
    ['unknown', '+49 30 23125 417', 'Unknown caller · Germany'],
    ['withheld', 'Number withheld', 'There is nothing to look up'],
    ['internal', 'Ivo Perić', 'Colleague'],
    ['own', '+385 1 5550 100', 'One of your company’s own numbers'],
    ['several', 'Hotel Marjan', 'Who is it? 4 share this number'],
  ])('says who it is when the verdict is %s', async (state, name, company) => {
    await open(at(state));
    expect([text('who-name'), text('who-company')]).toEqual([name, company]);
  });

  it.each(['unknown', 'withheld', 'internal', 'own', 'contact'])('draws no empty block for %s', async (state) => {
    await open(at(state));
    for (const id of ['balance', 'purchases', 'suggestion', 'last-order']) expect(screen.queryByTestId(id)).toBeNull();
  });

  it.each([
    ['ringing', 'Ringing'], ['dialling', 'Calling'], ['talking', 'Talking'], ['held', 'On hold'], ['wrap-up', 'Wrap-up'], ['lost', 'On a call, as far as known'],
  ])('says what the line does: %s', async (state, words) => {
    await open(at(state));
    expect(text('card-state')).toBe(words);
  });

  it('warns when the check of the number failed', async () => {
    await open(at('failed'));
    expect(screen.getByTestId('card').textContent).toContain('The caller may not be María José Núñez.');
  });

  it('shows text from outside as text, never as elements', async () => {
    await open(at('hostile'));
    expect(text('who-name')).toContain('<img src=x onerror=');
    expect(screen.getByTestId('panel').querySelector('img, b:not(.strong)')).toBeNull();
  });

  it('opens all purchase lines, and the months as a table', async () => {
    await open(at('talking'));
    expect(screen.getAllByTestId('purchase-line')).toHaveLength(3);
    await fireEvent.click(screen.getByTestId('purchase-lines-all'));
    expect(screen.getAllByTestId('purchase-line')).toHaveLength(10);
    expect(screen.getByRole('img').getAttribute('aria-label')).toContain('Purchases by month, €15,472 in 12 months. 5% above the year before. Most in June 2026');
    await fireEvent.click(screen.getByRole('button', { name: 'As table' }));
    expect(within(screen.getByTestId('month-table')).getAllByRole('row')).toHaveLength(13);
  });

  it('counts the timer from when the state began and keeps it from screen readers', async () => {
    await open(at('talking'));
    await vi.advanceTimersByTimeAsync(4000);
    expect(screen.getByRole('timer').textContent).toBe('1:30');
    expect(screen.getByRole('timer').getAttribute('aria-live')).toBe('off');
  });

  it('announces a caller once', async () => {
    const { say } = await open({ ...at('idle') });
    await say(at('overdue'));
    const [live] = screen.getAllByRole('status');
    expect(live?.textContent).toBe('Call from Jürgen Strauß, Feinkost Strauß GmbH, Berlin, Verified A, with an overdue balance');
    await say(changed(at('overdue'), { state: 'held' }));
    expect(live?.textContent).toContain('Jürgen Strauß');
  });
});

describe('choosing among several', () => {
  it('takes a click or a digit', async () => {
    const { asked } = await open(at('several'));
    await fireEvent.click(screen.getAllByTestId('candidate')[1]!);
    await fireEvent.keyDown(document.body, { key: '3' });
    expect(asked.filter(([command]) => command === 'chooseCustomer')).toEqual([['chooseCustomer', '3', 'CRM/2'], ['chooseCustomer', '3', 'CRM/3']]);
  });

  it('leaves a digit to the note while somebody writes in it', async () => {
    const { asked } = await open(at('several'));
    await fireEvent.keyDown(field(), { key: '1' });
    expect(asked.some(([command]) => command === 'chooseCustomer')).toBe(false);
  });

  it('says why a choice was refused', async () => {
    await open(at('several'), { chooseCustomer: () => Promise.reject({ code: 'gone', message: 'that customer was deleted: choose another' }) });
    await fireEvent.click(screen.getAllByTestId('candidate')[0]!);
    await vi.advanceTimersByTimeAsync(0);
    expect(text('problem')).toBe('that customer was deleted: choose another');
  });
});
