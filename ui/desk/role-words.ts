/* What the roles are called. */
import type { Role } from '../generated/Role';
import type { Key } from '../shared/words';

export const ROLES: Role[] = ['agent', 'supervisor', 'admin'];

export const ROLE: Record<Role, Key> = { agent: 'role.agent', supervisor: 'role.supervisor', admin: 'role.admin' };

/** What each may, in a sentence. */
export const MAY: Record<Role, Key> = { agent: 'role.agent_may', supervisor: 'role.supervisor_may', admin: 'role.admin_may' };
