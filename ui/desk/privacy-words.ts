/* What is known of a person, in words. */
import type { KnownKind } from '../generated/KnownKind';
import type { Key } from '../shared/words';

export const KIND: Record<KnownKind, Key> = {
  records: 'privacy.kind_records',
  numbers: 'privacy.kind_numbers',
  orders: 'privacy.kind_orders',
  invoices: 'privacy.kind_invoices',
  tickets: 'privacy.kind_tickets',
  notes: 'privacy.kind_notes',
  stories: 'privacy.kind_stories',
  contacts: 'privacy.kind_contacts',
  tasks: 'privacy.kind_tasks',
  suggestions: 'privacy.kind_suggestions',
  campaigns: 'privacy.kind_campaigns',
  corrections: 'privacy.kind_corrections',
  filters: 'privacy.kind_filters',
  written_back: 'privacy.kind_written_back',
  traces: 'privacy.kind_traces',
  calls: 'privacy.kind_calls',
  results: 'privacy.kind_results',
  audit: 'privacy.kind_audit',
  other: 'privacy.kind_other',
};
