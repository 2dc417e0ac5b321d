import { type Scope, SCOPES, SESSION_ROLES, type SessionRole } from '@bailiff/contracts/http';

/** What a session of a role may do. */
const SCOPES_OF: Record<SessionRole, readonly Scope[]> = { operator: SCOPES, helpdesk: ['helpdesk'] };
/** What the audit log calls whoever signed in. */
const NAME_OF: Record<SessionRole, string> = { operator: 'operator', helpdesk: 'help desk' };

/** The stored role, undefined when it is none that this version knows: such a session may do nothing. */
export function roleOf(text: string): SessionRole | undefined {
  return SESSION_ROLES.find((role) => role === text);
}

/** Scopes of a stored role; none for one that is not known. */
export function scopesOfRole(text: string): readonly Scope[] {
  const role = roleOf(text);
  return role === undefined ? [] : SCOPES_OF[role];
}

/** Who acts in a session of a role. */
export function nameOfRole(text: string): string {
  const role = roleOf(text);
  return role === undefined ? 'unknown' : NAME_OF[role];
}
