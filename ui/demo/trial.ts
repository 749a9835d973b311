/* What the scripted shop says of a pasted request. */
import type { WebhookTrialView } from '../generated/WebhookTrialView';
import { bare, PEOPLE } from './people';

/** A request that rings is believed where its token is right; anything else is no request. */
export function trialOf(feed: string, text: string): WebhookTrialView {
  const nothing: WebhookTrialView = { proof: 'failed', proof_detail: 'it is no HTTP request', events: [], trouble: null, caller: null, mine: false };
  const from = /"from":\s*"(\d+)"/.exec(text)?.[1];
  if (!from) return { ...nothing, trouble: 'the first line is no request line; begin with one such as `POST /in/zammad/TOKEN HTTP/1.1`' };
  const believed = text.startsWith(`POST /in/${feed}/`);
  return {
    proof: believed ? 'token_only' : 'failed',
    proof_detail: believed ? null : 'the token in the address is not the one of this feed; copy the address again from the settings',
    events: [
      { call: 'c-1001', what: { kind: 'began', direction: 'in', number: `+${from}`, name: null, called: '+38521555000', origin: null } },
      { call: 'c-1001', what: { kind: 'offered', phone: '101' } },
      { call: 'c-1001', what: { kind: 'ringing', phone: '101' } },
    ],
    trouble: null,
    caller: bare(PEOPLE.bozena, '+385 21 555 014'),
    mine: true,
  };
}
