/* An audit trail of a made-up shop, page by page. */
import type { Act } from '../generated/Act';
import type { AuditRequest } from '../generated/AuditRequest';
import type { AuditRowView } from '../generated/AuditRowView';
import type { AuditView } from '../generated/AuditView';

const PAGE = 200;
const MADE: [Act, string, string | null, string, string | null][] = [
  ['uncovered', '', 'demo/1001', 'Helen Bennett', null], ['report_exported', 'summary.csv', null, '', null], ['settings_changed', 'panel.cover, retention.calls', null, '', null],
  ['person_erased', 'calls: 6, notes: 2', null, '', 'erased-3f09aa417c21'], ['records_linked', 'with shop/77', 'demo/1014', 'Marco Rossi', null], ['dropped', 'notes: 41, traces: 12', null, '', null],
];

/** So many entries, one in every two hours. */
export function demoTrail(count: number, now: number): AuditRowView[] {
  return Array.from({ length: count }, (_, i) => {
    const [act, detail, customer, name, erased] = MADE[i % MADE.length]!;
    const itself = act === 'dropped';
    return { id: count - i, at: new Date(now - i * 7_200_000).toISOString(), agent: itself ? '' : i % 4 === 1 ? 'Ivo' : 'Marta', line: itself ? '' : '101', act, detail, call: null, customer, name, erased };
  });
}

export function demoAudit(trail: AuditRowView[], request: AuditRequest, before: number | null): AuditView {
  const day = (row: AuditRowView) => row.at.slice(0, 10);
  const rows = trail.filter((row) => (before === null || row.id < before) && (!request.agent || row.agent === request.agent) && (!request.act || row.act === request.act)
    && (!request.customer || request.customer === row.customer || request.customer === row.erased) && (!request.from || day(row) >= request.from) && (!request.until || day(row) <= request.until));
  return { rows: rows.slice(0, PAGE), agents: ['Ivo', 'Marta'] };
}
