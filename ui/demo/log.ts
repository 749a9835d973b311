/* A call log of some weeks. */
import type { CallLogRow } from '../generated/CallLogRow';
import { DAY, iso, MINUTE, PEOPLE } from './people';

type Kind = Pick<CallLogRow, 'direction' | 'number' | 'customer' | 'outcome' | 'talked_seconds' | 'note'> & { disposition?: string };

const KINDS: Kind[] = [
  { direction: 'in', number: '+33 1 99 00 41 17', customer: PEOPLE.anais, outcome: 'answered', talked_seconds: 185, note: 'Two cases short on 10470, asked for a new date' },
  { direction: 'in', number: '+40 264 555 017', customer: PEOPLE.zoe, outcome: 'answered', talked_seconds: 288, disposition: 'order', note: '12 × Manchego, deliver with Thursday’s lorry' },
  { direction: 'out', number: '+34 941 555 162', customer: PEOPLE.maria, outcome: 'missed', talked_seconds: null, note: '' },
  { direction: 'in', number: '+49 30 23125 417', customer: null, outcome: 'missed', talked_seconds: null, note: '' },
  { direction: 'in', number: '+49 30 23125 118', customer: PEOPLE.jurgen, outcome: 'answered', talked_seconds: 156, disposition: 'question', note: 'Pays invoice 2231 on Thursday.\nAsked for the new price list for cheese, send it by Friday.' },
  { direction: 'internal', number: '102', customer: null, outcome: 'answered', talked_seconds: 24, note: '' },
  { direction: 'in', number: null, customer: null, outcome: 'answered', talked_seconds: 52, disposition: 'no_result', note: 'Survey, not interested' },
  { direction: 'in', number: '+385 21 555 014', customer: PEOPLE.bozena, outcome: 'answered', talked_seconds: 408, note: 'The 6 cases come with Tuesday’s lorry' },
  { direction: 'out', number: '+45 86 55 50 14', customer: PEOPLE.soren, outcome: 'busy', talked_seconds: null, note: '' },
  { direction: 'in', number: '+353 91 555 014', customer: PEOPLE.aoife, outcome: 'answered', talked_seconds: 220, note: 'Same as last month, plus 2 × ajvar' },
  { direction: 'in', number: '+49 221 5550 162', customer: PEOPLE.cagla, outcome: 'rejected', talked_seconds: null, note: '' },
];

/** 260 calls, the newest first. */
export function demoLog(now: number): CallLogRow[] {
  return Array.from({ length: 260 }, (_, i) => {
    const kind = KINDS[i % KINDS.length]!;
    const at = now - Math.floor(i / 14) * DAY - (i % 14) * 23 * MINUTE;
    const answered = kind.outcome === 'answered';
    return {
      ...kind, disposition: kind.disposition ?? null, call: `log-${i}`, at: iso(at), called: kind.direction === 'out' ? (kind.number ?? '') : '101', rang: kind.direction === 'out' ? [] : ['101'],
      on: kind.outcome === null,
      answered_by: answered ? (kind.direction === 'out' ? kind.number : '101') : null,
    };
  });
}
