import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backend } from '../backend';
import { demoAudit, demoTrail } from '../demo/audit';
import { stateNamed } from '../demo/states';
import Desk from '../desk/Desk.svelte';
import { chooseLanguage, type Language } from '../shared/words';
import { Trail } from '../supervisor/audit.svelte';
import { stage } from './stage';

const NOW = Date.parse('2026-11-24T18:00:00Z');
const squeezed = (one: Element | null | undefined) => one?.textContent?.replace(/\s+/g, ' ').trim();
const cells = (row: Element) => [...row.querySelectorAll('td')].map(squeezed);

function open(count: number, more: Partial<Backend> = {}) {
  location.hash = '#/audit';
  const trail = demoTrail(count, NOW);
  const on = stage(stateNamed('idle', NOW)!, { auditTrail: async (request, before) => demoAudit(trail, request, before), ...more });
  render(Desk, { backend: on.backend });
  return on;
}

beforeEach(() => chooseLanguage('en', ''));
afterEach(() => {
  cleanup();
  location.hash = '';
});

describe('the audit trail', () => {
  it('says who did what with whose data, the newest first', async () => {
    open(6);
    const rows = await screen.findAllByTestId('audit-row');
    expect(rows).toHaveLength(6);
    expect(cells(rows[0]!).slice(1)).toEqual(['Marta', 'Uncovered a customer', 'Helen Bennett', '']);
    expect(rows[0]!.querySelector('a')?.getAttribute('href')).toBe('#/customer/demo%2F1001');
    expect(cells(rows[3]!).slice(1)).toEqual(['Marta', 'Erased somebody', 'Somebody who was erased', 'calls: 6, notes: 2']);
    expect(cells(rows[5]!)[1]).toBe('Ringside');
  });

  it('draws of a long trail only what stands on the screen', async () => {
    open(1_000);
    const rows = await screen.findAllByTestId('audit-row');
    expect(rows.length).toBeLessThan(80);
  });

  it('is listed by what was done, by whom, about whom and when', async () => {
    open(60);
    await screen.findAllByTestId('audit-row');
    await fireEvent.change(screen.getByTestId('audit-act'), { target: { value: 'person_erased' } });
    await expect.poll(() => screen.queryAllByTestId('audit-row').length).toBe(10);
    await fireEvent.change(screen.getByTestId('audit-from'), { target: { value: '2026-11-30' } });
    expect(squeezed(await screen.findByTestId('audit-empty'))).toBe('Nothing in the trail is so.');
    await fireEvent.change(screen.getByTestId('audit-from'), { target: { value: '' } });
    await fireEvent.change(screen.getByTestId('audit-customer'), { target: { value: 'nobody/1' } });
    expect(await screen.findByTestId('audit-empty')).toBeTruthy();
  });

  it('is written as a file of what is asked for, and says where', async () => {
    const on = open(6, { exportAudit: async (request) => (expect(request.act).toBe('uncovered'), '/tmp/audit.csv') });
    await screen.findAllByTestId('audit-row');
    await fireEvent.change(screen.getByTestId('audit-act'), { target: { value: 'uncovered' } });
    await fireEvent.click(screen.getByTestId('audit-export'));
    expect(squeezed(await screen.findByTestId('written'))).toContain('/tmp/audit.csv');
    expect(on).toBeTruthy();
  });

  it('says why it cannot be read, and is read again', async () => {
    let broken = true;
    const trail = demoTrail(6, NOW);
    open(6, { auditTrail: async (request, before) => (broken ? Promise.reject({ code: 'journal', message: 'the disk is gone' }) : demoAudit(trail, request, before)) });
    expect(squeezed(await screen.findByTestId('problem'))).toContain('the disk is gone');
    broken = false;
    await fireEvent.click(screen.getByText('Try again'));
    expect(await screen.findAllByTestId('audit-row')).toHaveLength(6);
  });

  it.each(['en', 'es', 'hr'] as Language[])('is readable to everybody in %s', { timeout: 60_000 }, async (language) => {
    chooseLanguage(language, '');
    open(6);
    await screen.findAllByTestId('audit-row');
    const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });
});

describe('a trail that is loaded page by page', () => {
  it('has every entry once, and drops an answer that comes late', async () => {
    const all = demoTrail(450, NOW);
    const trail = new Trail({ auditTrail: async (request, before) => demoAudit(all, request, before) } as Pick<Backend, 'auditTrail'> as Backend);
    await trail.read();
    while (!trail.complete) await trail.see(trail.rows.length);
    expect(trail.rows.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    const late = trail.read();
    await trail.set({ act: 'dropped' });
    await late;
    expect(new Set(trail.rows.map(({ act }) => act))).toEqual(new Set(['dropped']));
  });
});
