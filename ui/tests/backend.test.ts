import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { emit } from '@tauri-apps/api/event';
import { afterEach, describe, expect, it } from 'vitest';
import { openBackend, refusal, shellBackend } from '../backend';

afterEach(async () => {
  await new Promise((done) => setTimeout(done, 0));
  clearMocks();
  delete (window as { __TAURI_INTERNALS__?: unknown }).__TAURI_INTERNALS__;
});

describe('the way to the shell', () => {
  it('names each command and its arguments as the shell knows them', async () => {
    const sent: [string, unknown][] = [];
    mockIPC((command, args) => void sent.push([command, args]));
    await shellBackend.panelState();
    await shellBackend.saveNote('c1', 'text');
    await shellBackend.closeCard('c1');
    await shellBackend.dismissMissed('c1');
    await shellBackend.hidePanel();
    await shellBackend.wantKeyboard();
    await shellBackend.chooseCustomer('c1', 'files/ALFKI');
    await shellBackend.callLog(null, 50);
    await shellBackend.lines();
    await shellBackend.setLines(['101', '102']);
    await shellBackend.dial('+49 30 1');
    await shellBackend.webhookFeeds();
    await shellBackend.tryWebhook('pbx', 'POST /');
    await shellBackend.painted(3);
    await shellBackend.resizePanel(640);
    expect(sent).toEqual([
      ['panel_state', {}],
      ['save_note', { call: 'c1', text: 'text' }],
      ['close_card', { call: 'c1' }],
      ['dismiss_missed', { call: 'c1' }],
      ['hide_panel', {}],
      ['want_keyboard', {}],
      ['choose_customer', { call: 'c1', reference: 'files/ALFKI' }],
      ['call_log', { before: null, limit: 50 }],
      ['lines', {}],
      ['set_lines', { lines: ['101', '102'] }],
      ['dial', { number: '+49 30 1' }],
      ['webhook_feeds', {}],
      ['try_webhook', { feed: 'pbx', text: 'POST /' }],
      ['painted', { id: 3 }],
      ['resize_panel', { height: 640 }],
    ]);
  });

  it('hears the panel, its marks and the call log until it stops listening', async () => {
    mockIPC(() => undefined, { shouldMockEvents: true });
    const heard: unknown[] = [];
    const stop = await shellBackend.onPanel((view) => heard.push(view));
    await shellBackend.onMark((id) => heard.push(id));
    await shellBackend.onCallLogChanged(() => heard.push('log'));
    await emit('panel', { cards: [], missed: [], gone: null, feeds: [] });
    await emit('mark', { id: 9 });
    await emit('call-log-changed');
    stop();
    await emit('panel', 'unheard');
    expect(heard).toEqual([{ cards: [], missed: [], gone: null, feeds: [] }, 9, 'log']);
  });

  it('passes on what a request was refused with', async () => {
    mockIPC(() => {
      throw { code: 'unknown_call', message: 'the call is gone: close the card' };
    });
    const error = await shellBackend.closeCard('c1').catch((error: unknown) => error);
    expect(refusal(error)).toEqual({ code: 'unknown_call', message: 'the call is gone: close the card' });
  });

  it('is the shell where there is one, else the scripted one', async () => {
    expect(await openBackend()).not.toBe(shellBackend);
    mockIPC(() => undefined);
    expect(await openBackend()).toBe(shellBackend);
  });
});

describe('a refusal', () => {
  it.each([
    [new Error('no route'), { code: 'unknown', message: 'no route' }],
    ['plain words', { code: 'unknown', message: 'plain words' }],
    [{ code: 5, message: 'm' }, { code: 'unknown', message: 'm' }],
    [null, { code: 'unknown', message: 'null' }],
  ])('is readable whatever was thrown', (thrown, expected) => {
    expect(refusal(thrown)).toEqual(expected);
  });
});
