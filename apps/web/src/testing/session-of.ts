import { computed, signal } from '@angular/core';
import type { CurrentSession, DateFormat, Scope } from '@bailiff/contracts/http';

/** A signed-in session for specs, as the API describes it. */
export function currentSession(
  options: { readonly timeZone?: string; readonly dateFormat?: DateFormat; readonly scopes?: readonly Scope[] } = {},
): CurrentSession {
  return {
    actor: 'operator',
    scopes: options.scopes ?? ['admin'],
    expiresAt: null,
    clientAddress: '192.0.2.200',
    version: '0.1.0',
    preferences: {
      timeZone: options.timeZone ?? 'UTC',
      dateFormat: options.dateFormat ?? 'iso',
      sessionDurationSeconds: 3_600,
      sessionMode: 'sliding',
      mapThresholds: { low: 20, medium: 50, high: 100 },
    },
  };
}

/** Stands in for the Session service where only what it knows is needed. */
export function sessionOf(current: CurrentSession | undefined) {
  const state = signal(current);
  return {
    state,
    current: state.asReadonly(),
    isSignedIn: computed(() => state() !== undefined),
    preferences: computed(() => state()?.preferences),
    can: (scope: Scope): boolean => {
      const scopes = state()?.scopes ?? [];
      return scopes.includes(scope) || scopes.includes('admin');
    },
    load: (): Promise<CurrentSession | undefined> => Promise.resolve(state()),
  };
}
