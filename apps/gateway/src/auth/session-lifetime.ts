import type { Preferences } from '@bailiff/contracts/http';
import type { Session } from '@bailiff/persistence';

/** A sliding session is written forward at most this often, milliseconds. */
export const TOUCH_EVERY_MS = 60_000;

/** When a session made now ends. */
export function newExpiry({ sessionDurationSeconds }: Preferences, nowMs: number): number {
  return nowMs + sessionDurationSeconds * 1000;
}

/**
 * When a session in use ends: sliding ones are carried on, absolute ones keep the end that follows from their beginning, and
 * a shorter duration chosen meanwhile holds for both.
 */
export function expiryInUse(
  { createdAtMs, lastSeenAtMs, expiresAtMs }: Pick<Session, 'createdAtMs' | 'lastSeenAtMs' | 'expiresAtMs'>,
  { sessionDurationSeconds, sessionMode }: Preferences,
): number {
  const begin = sessionMode === 'absolute' ? createdAtMs : lastSeenAtMs;
  return Math.min(expiresAtMs, begin + sessionDurationSeconds * 1000);
}
