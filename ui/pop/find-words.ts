/* What is said of a refused customer: the code as words of the catalogue, and the field it is about. */
import type { Refusal } from '../backend';
import { t, type Key } from '../shared/words';

export type Field = 'name' | 'company' | 'email' | 'number';

const REFUSALS: Record<string, { key: Key; field: Field | null }> = {
  no_name: { key: 'find.no_name', field: 'name' },
  too_long: { key: 'find.too_long', field: null },
  bad_email: { key: 'find.bad_email', field: 'email' },
  bad_number: { key: 'find.bad_number', field: 'number' },
  our_number: { key: 'find.our_number', field: 'number' },
  no_such_customer: { key: 'find.no_such_customer', field: null },
};

/** A refusal in the agent's language; one that has no words here, in its own. */
export function sayRefusal({ code, message }: Refusal): { text: string; field: Field | null } {
  const known = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  return known ? { text: t(known.key), field: known.field } : { text: message, field: null };
}
