import { cleanup, fireEvent, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PEOPLE } from '../demo/people';
import { stateNamed } from '../demo/states';
import type { HitView } from '../generated/HitView';
import type { PanelView } from '../generated/PanelView';
import { chooseLanguage } from '../shared/words';
import { open } from './stage';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const at = (name: string) => stateNamed(name, NOW)!;
const text = (id: string) => screen.getByTestId(id).textContent?.replace(/\s+/g, ' ').trim();
const search = () => screen.getByTestId<HTMLInputElement>('find-input');
const input = (field: string) => screen.getByTestId<HTMLInputElement>(`new-${field}`);
const key = (key: string, more: KeyboardEventInit = {}, on: Element = document.body) => fireEvent.keyDown(on, { key, ...more });
const HITS: HitView[] = [PEOPLE.jurgen, PEOPLE.soren].map((customer) => ({ customer, by: 'name', text: customer.name }));

/** One call in either state. */
const changedTo = (name: string): PanelView => ({ ...at(name), cards: at(name).cards.map((card) => ({ ...card, call: '4' })) });

async function type(field: HTMLInputElement, value: string) {
  await fireEvent.input(field, { target: { value } });
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  chooseLanguage('en', '');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('several who share a number', () => {
  it('says who was chosen last time, by whom and when, and what is open', async () => {
    await open(at('several'));
    const [first, second] = screen.getAllByTestId('candidate');
    expect(first?.textContent).toContain('Đurđica Šarić');
    expect(text('chosen-before')).toBe('Chosen last time by line 102 on 11 Nov, 2 times');
    expect(second?.textContent).toContain('1 open ticket');
  });

  it('shows whom the agent chose, that the number is shared, and takes it back by key and button', async () => {
    const { only: said } = await open(at('chosen'));
    expect(text('word')).toMatch(/^You said who it is ?Undo/);
    expect(text('shared-by')).toBe('Shared by 4');
    await key('z', { altKey: true, code: 'KeyZ' });
    await fireEvent.click(screen.getByTestId('take-back'));
    expect(said('takeBack')).toEqual([['takeBack', '3'], ['takeBack', '3']]);
  });

  it('looks for someone else after 0, and a digit then is part of what is looked for', async () => {
    const { only: said } = await open(at('several'), { searchCustomers: async () => HITS });
    await key('0');
    expect(screen.queryAllByTestId('candidate')).toEqual([]);
    await key('1');
    expect(said('chooseCustomer')).toEqual([]);
    expect(document.activeElement).toBe(search());
    await key('Escape', {}, search());
    expect(screen.getAllByTestId('candidate')).toHaveLength(4);
    expect(said('hidePanel')).toEqual([]);
  });
});

describe('a number that only resembles one', () => {
  it('opens no record, names the one it may be, and takes the digit as the agent’s word', async () => {
    const { only: said } = await open(at('perhaps'));
    expect([text('who-name'), text('who-company'), text('match-grade')]).toEqual(['+49 30 23125 118', 'Perhaps this customer', 'Similar number: a hint only']);
    for (const id of ['balance', 'purchases', 'suggestion']) expect(screen.queryByTestId(id)).toBeNull();
    await key('1');
    expect(said('chooseCustomer')).toEqual([['chooseCustomer', '19', 'CRM/1118']]);
  });
});

describe('an unknown caller', () => {
  it('is linked by keys alone: typing finds, arrows choose, Enter links', async () => {
    const { only: said } = await open(at('unknown'), { searchCustomers: async () => HITS });
    expect(document.activeElement).toBe(document.body);
    await key('s');
    expect(document.activeElement).toBe(search());
    await type(search(), 'str');
    expect(screen.getAllByTestId('find-hit').map((hit) => hit.getAttribute('aria-selected'))).toEqual(['true', 'false']);
    expect(screen.getAllByTestId('find-hit')[0]?.textContent).toContain('Link number');
    await key('ArrowDown', {}, search());
    expect(search().getAttribute('aria-activedescendant')).toBe(screen.getAllByTestId('find-hit')[1]?.id);
    await key('Enter', {}, search());
    expect(said('linkCustomer')).toEqual([['linkCustomer', '4', 'CRM/1514']]);
  });

  it('drops an answer that comes after a later one', async () => {
    const answers: ((hits: HitView[]) => void)[] = [];
    await open(at('unknown'), { searchCustomers: () => new Promise((answer) => answers.push(answer)) });
    await type(search(), 's');
    await type(search(), 'so');
    answers[1]?.([HITS[1]!]);
    answers[0]?.(HITS);
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.getAllByTestId('find-hit')).toHaveLength(1);
  });

  it('says when nobody fits, and puts the name into the form of a new customer with the number', async () => {
    const { only: said } = await open(at('unknown'));
    await type(search(), 'Käthe Strahl');
    expect(text('find-nobody')).toBe('No customer fits “Käthe Strahl”.');
    await key('c', { altKey: true, code: 'KeyC' }, search());
    expect(document.activeElement).toBe(input('name'));
    expect([input('name').value, input('number').value]).toEqual(['Käthe Strahl', '+49 30 23125 417']);
    await type(input('email'), 'kaethe@example.com');
    await fireEvent.submit(screen.getByTestId('new-customer'));
    expect(said('createCustomer')).toEqual([['createCustomer', '4', { name: 'Käthe Strahl', company: '', email: 'kaethe@example.com' }, '+49 30 23125 417']]);
  });

  it('says below the field what is wrong, goes there, and keeps what was typed', async () => {
    await open(at('unknown'), { createCustomer: () => Promise.reject({ code: 'bad_number', message: 'no' }) });
    await key('c', { altKey: true });
    await type(input('name'), 'Käthe');
    await type(input('number'), 'next week');
    await fireEvent.submit(screen.getByTestId('new-customer'));
    await vi.advanceTimersByTimeAsync(0);
    expect(text('new-problem')).toContain('Write it with the country code');
    expect([document.activeElement, input('number').getAttribute('aria-invalid')]).toEqual([input('number'), 'true']);
    expect([input('name').value, input('number').value]).toEqual(['Käthe', 'next week']);
  });

  it('keeps what was typed while another call comes and goes', async () => {
    const { say } = await open(at('unknown'));
    await key('c', { altKey: true });
    await type(input('name'), 'Käthe');
    const both = { ...at('unknown'), cards: [...at('overdue').cards, ...at('unknown').cards] };
    await say(both);
    await say(at('unknown'));
    expect(input('name').value).toBe('Käthe');
  });

  it('asks who it is once the number is known, with the number in the form', async () => {
    const { say } = await open(changedTo('withheld'));
    await say(changedTo('unknown'));
    expect(search()).toBeTruthy();
    await key('c', { altKey: true });
    expect(input('number').value).toBe('+49 30 23125 417');
  });

  it('steps back with Escape: from the form to the search, then away, then the panel hides', async () => {
    const { only: said } = await open(at('unknown'));
    await key('c', { altKey: true });
    await key('Escape', {}, input('name'));
    expect(search()).toBeTruthy();
    await key('Escape');
    expect(screen.queryByTestId('find-input')).toBeNull();
    expect(said('hidePanel')).toEqual([]);
    await key('Escape');
    expect(said('hidePanel')).toHaveLength(1);
    await fireEvent.click(screen.getByTestId('find-again'));
    expect(search()).toBeTruthy();
  });

  it('hides the panel with Escape in the note, though the search stands open', async () => {
    const { only: said } = await open(at('unknown'));
    const note = screen.getByTestId('note-input');
    note.focus();
    await key('Escape', {}, note);
    expect(said('hidePanel')).toHaveLength(1);
    expect(search()).toBeTruthy();
  });

  it.each(['withheld', 'own', 'internal'])('is not looked for when the caller is %s', async (state) => {
    await open(at(state));
    await key('c', { altKey: true });
    expect([screen.queryByTestId('find-input'), screen.queryByTestId('new-customer')]).toEqual([null, null]);
  });

  it('never takes the focus when it rings', async () => {
    const { say } = await open(at('idle'));
    for (const state of ['unknown', 'several', 'perhaps', 'chosen', 'linked', 'created']) {
      await say(at(state));
      expect(document.activeElement).toBe(document.body);
    }
  });
});

describe('an earlier word', () => {
  it('says by which line the number was linked and when, and that the customer is new', async () => {
    const { say } = await open(at('linked'));
    expect(text('word')).toMatch(/^Linked by line 102 on 5 Nov ?Not this customer/);
    await say(at('created'));
    expect(text('word')).toContain('You made this customer');
    expect(text('who-name')).toBe('Käthe Strahl');
  });
});
