/* What the scripted shop says of a pasted request. */
import type { WebhookTrialView } from '../generated/WebhookTrialView';
import { bare, PEOPLE } from './people';

/** A request that rings is believed where its token is right; anything else is no request. */
export function trialOf(feed: string, text: string): WebhookTrialView {
  const nothing: WebhookTrialView = { proof: 'failed', proof_detail: [{ key: 'said.hook_no_request', params: {} }], events: [], trouble: [], caller: null, mine: false };
  const from = /"from":\s*"(\d+)"/.exec(text)?.[1];
  if (!from) return { ...nothing, trouble: [{ key: 'said.hook_first_line', params: {} }] };
  const believed = text.startsWith(`POST /in/${feed}/`);
  return {
    proof: believed ? 'token_only' : 'failed',
    proof_detail: believed ? [] : [{ key: 'said.hook_token', params: {} }],
    events: [
      { call: 'c-1001', what: { kind: 'began', direction: 'in', number: `+${from}`, name: null, called: '+38521555000', origin: null } },
      { call: 'c-1001', what: { kind: 'offered', phone: '101' } },
      { call: 'c-1001', what: { kind: 'ringing', phone: '101' } },
    ],
    trouble: [],
    caller: bare(PEOPLE.bozena, '+385 21 555 014'),
    mine: true,
  };
}
