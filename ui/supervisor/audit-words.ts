/* What was done, in words. */
import type { Act } from '../generated/Act';
import type { Key } from '../shared/words';

export const ACT: Record<Act, Key> = {
  uncovered: 'audit.uncovered', report_exported: 'audit.report_exported', audit_exported: 'audit.audit_exported', person_exported: 'audit.person_exported', person_erased: 'audit.person_erased',
  person_let_in: 'audit.person_let_in', dropped: 'audit.dropped', settings_changed: 'audit.settings_changed', records_linked: 'audit.records_linked', records_parted: 'audit.records_parted',
  facts_changed: 'audit.facts_changed', signed_in: 'audit.signed_in', sign_in_refused: 'audit.sign_in_refused', user_added: 'audit.user_added', user_changed: 'audit.user_changed', user_removed: 'audit.user_removed',
};
export const ACTS = Object.keys(ACT) as Act[];
