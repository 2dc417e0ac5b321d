import type { Scope } from '@bailiff/contracts/http';

/** Who acts. */
export interface Actor {
  /** How it signed in. */
  readonly kind: 'session' | 'token' | 'setup' | 'system';
  /** `operator`, `help desk`, an API token's name, `setup` or `system`: what the audit log shows. */
  readonly name: string;
  /** Address it came from, after trusted proxies; null for ourselves. */
  readonly address: string | null;
  readonly scopes: readonly Scope[];
  /** Id of the session or API token; null for ourselves. */
  readonly credentialId: string | null;
  /** When the credential ends; null: never. */
  readonly expiresAtMs: number | null;
}

/** The gateway itself: timers, retention, enrolment. */
export const SYSTEM_ACTOR: Actor = {
  kind: 'system',
  name: 'system',
  address: null,
  scopes: [],
  credentialId: null,
  expiresAtMs: null,
};

/** Whoever holds the setup token. */
export function setupActor(address: string | null): Actor {
  return { ...SYSTEM_ACTOR, kind: 'setup', name: 'setup', address };
}

/** Whether an actor may do what a scope allows; `admin` includes all. */
export function hasScope({ scopes }: Pick<Actor, 'scopes'>, scope: Scope): boolean {
  return scopes.includes(scope) || scopes.includes('admin');
}
