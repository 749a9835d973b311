import type { SentenceView } from '../generated/SentenceView';
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { emit } from '@tauri-apps/api/event';
import { afterEach, describe, expect, it } from 'vitest';
import { openBackend, refusal, shellBackend } from '../backend';
import { said, saidAlone, why } from '../shared/said';
import { chooseLanguage } from '../shared/words';

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
    await shellBackend.onAtTheDesk(() => heard.push('here'));
    await emit('panel', { cards: [], missed: [], gone: null, feeds: [] });
    await emit('mark', { id: 9 });
    await emit('call-log-changed');
    await emit('at-the-desk');
    stop();
    await emit('panel', 'unheard');
    expect(heard).toEqual([{ cards: [], missed: [], gone: null, feeds: [] }, 9, 'log', 'here']);
  });

  it('passes on what a request was refused with', async () => {
    mockIPC(() => {
      throw { code: 'unknown_call', said: [{ key: 'refused.no_such_call', params: {} }], message: 'the call is gone: close the card' };
    });
    const error = await shellBackend.closeCard('c1').catch((error: unknown) => error);
    expect(refusal(error)).toEqual({ code: 'unknown_call', said: [{ key: 'refused.no_such_call', params: {} }], message: 'the call is gone: close the card' });
  });

  it('is the shell where there is one, else, or for a state that is named, the scripted one', async () => {
    expect(await openBackend()).not.toBe(shellBackend);
    mockIPC(() => undefined);
    expect(await openBackend()).toBe(shellBackend);
    history.replaceState(null, '', '?state=ringing');
    expect(await openBackend()).not.toBe(shellBackend);
    history.replaceState(null, '', location.pathname);
  });
});

describe('what Rust says', () => {
  it('gets its words in the language of the page, and stays readable where the catalogue has none', () => {
    chooseLanguage('hr', '');
    const gone: SentenceView[] = [{ key: 'said.ami_silent', params: {} }, { key: 'said.quoted', params: { says: '401' } }];
    expect([said(gone), saidAlone([{ key: 'dial.late', params: {} }]), said([{ key: 'said.unheard', params: { says: 'x' } }])]).toEqual(['Asterisk više ne odgovara. 401', 'Asterisk nije odgovorio na vrijeme; pokušajte ponovno', 'x']);
    expect(why({ code: 'dial', said: [{ key: 'dial.busy', params: { line: '101' } }], message: 'the phone 101 is busy' })).toBe('telefon 101 je zauzet ili je na „ne ometaj”');
    expect(why({ code: 'window', said: [], message: 'no window' })).toBe('no window');
    chooseLanguage('en', '');
  });
});

describe('a refusal', () => {
  it.each([
    [new Error('no route'), { code: 'unknown', said: [], message: 'no route' }],
    ['plain words', { code: 'unknown', said: [], message: 'plain words' }],
    [{ code: 5, message: 'm' }, { code: 'unknown', said: [], message: 'm' }],
    [null, { code: 'unknown', said: [], message: 'null' }],
  ])('is readable whatever was thrown', (thrown, expected) => {
    expect(refusal(thrown)).toEqual(expected);
  });
});
