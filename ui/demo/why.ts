/* Why the calls of the demo's log did or did not pop. */
import type { CallLogRow } from '../generated/CallLogRow';
import type { StepView } from '../generated/StepView';
import type { WhyView } from '../generated/WhyView';

const NO_TIMES = { waited_us: null, tracker_us: null, lookup_us: null, panel_us: null, whole_us: null };
const QUIET: Omit<StepView, 'at'> = { event: null, raw: null, hidden: false, changes: [], looked: null, decisions: [], told: null, timings: NO_TIMES };

/** The trace of a call in the log; a call of another phone when it did not ring here. */
export function whyOf(row: CallLogRow): WhyView {
  const mine = row.direction === 'in' && Number(row.call.replace(/\D/g, '')) % 5 !== 1;
  const later = (ms: number) => new Date(Date.parse(row.at) + ms).toISOString();
  const withheld = row.number === null;
  const line = mine ? '101' : '103';
  const raw = withheld ? null : `Event: DialBegin\nPrivilege: call,all\nChannel: PJSIP/trunk-0000001a\nCallerIDNum: ${row.number?.replace(/\s/g, '')}\nDestChannel: PJSIP/${line}-0000001b\nDestUniqueid: 1795305759.27\nDialString: ${line}`;
  const verdict = withheld ? 'withheld' as const : row.customer ? 'one' as const : 'unknown' as const;
  const steps: StepView[] = [
    {
      ...QUIET, at: later(0), hidden: withheld, raw,
      event: { kind: 'began', direction: row.direction, number: row.number, name: null, called: row.called, origin: null },
      changes: [{ what: 'began', phone: null }],
      decisions: [{ line: null, shown: false, why: 'not_mine', by: null }],
      timings: { ...NO_TIMES, waited_us: 38, tracker_us: 9, whole_us: 14 },
    },
    {
      ...QUIET, at: later(12), hidden: withheld, raw,
      event: { kind: 'offered', phone: line },
      changes: [{ what: 'offered', phone: line }],
      decisions: [mine ? { line, shown: false, why: 'not_ringing', by: null } : { line: null, shown: false, why: 'not_mine', by: '103' }],
      timings: { ...NO_TIMES, waited_us: 31, tracker_us: 6, whole_us: 8 },
    },
    {
      ...QUIET, at: later(58), hidden: withheld, raw: raw && raw.replace('DialBegin', 'DialState'),
      event: { kind: 'ringing', phone: line },
      changes: [{ what: 'ringing', phone: line }],
      looked: mine ? {
        number: row.number, region: 'DE', verdict, unreadable: null, more: 0, chosen: false,
        silenced: row.customer ? [{ name: 'Tea pot', guard: 'stock' }] : [], guards_off: row.customer ? ['opted_out'] : [],
        readings: withheld ? [] : [{ number: row.number!.replace(/\s/g, ''), read_as: 'international', holders: row.customer ? 1 : 0 }],
        candidates: row.customer ? [{ customer: row.customer, grade: 'exact', reason: { code: 'both_international', country: null }, ext: null }] : [],
      } : null,
      decisions: mine ? [{ line, shown: true, why: 'shown', by: null }] : [],
      told: mine ? 'comes_up' : null,
      timings: mine ? { waited_us: 42, tracker_us: 11, lookup_us: 187, panel_us: 61, whole_us: 274 } : { ...NO_TIMES, waited_us: 29, tracker_us: 8, whole_us: 9 },
    },
    {
      ...QUIET, at: later(24_000), hidden: withheld, raw: null,
      event: { kind: 'ended', cause: 'normal', by: 'caller' },
      changes: [{ what: 'ended', phone: null }],
      decisions: mine ? [{ line, shown: true, why: 'wrap_up', by: null }] : [],
      told: mine ? 'changes' : null,
      timings: { ...NO_TIMES, waited_us: 35, tracker_us: 12, panel_us: mine ? 48 : null, whole_us: 66 },
    },
  ];
  return {
    call: row.call, feed: 'demo', at: row.at, number: row.number, customer: row.customer, steps, left_out: 0,
    answer: mine ? { code: 'popped', line, verdict, unreadable: null, took_us: 316 } : { code: 'not_mine', dialled: ['103'], mine: ['101'] },
  };
}

/** Of a call that is not in the log. */
export function whyNot(at: string): WhyView {
  return {
    call: null, feed: null, at: null, number: null, customer: null, steps: [], left_out: 0,
    answer: { code: 'feed_down', feed: 'asterisk', health: 'lost', since: at, detail: 'the connection to Asterisk broke: Connection reset by peer (os error 104)' },
  };
}
