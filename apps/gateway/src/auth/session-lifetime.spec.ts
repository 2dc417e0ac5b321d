import { describe, expect, it } from '@jest/globals';
import { defaultPreferences } from '../settings/default-preferences.js';
import { expiryInUse, newExpiry } from './session-lifetime.js';

const HOUR_MS = 3_600_000;
const preferences = (sessionMode: 'sliding' | 'absolute', hours: number) => ({
  ...defaultPreferences(),
  sessionMode,
  sessionDurationSeconds: hours * 3600,
});

describe(expiryInUse.name, () => {
  const session = { createdAtMs: 0, lastSeenAtMs: 2 * HOUR_MS, expiresAtMs: 12 * HOUR_MS };

  it('counts a sliding session from its last use', () => {
    expect(expiryInUse(session, preferences('sliding', 3))).toBe(5 * HOUR_MS);
  });

  it('counts an absolute session from its beginning, however much it is used', () => {
    expect(expiryInUse(session, preferences('absolute', 3))).toBe(3 * HOUR_MS);
  });

  it('never gives more than was promised', () => {
    expect(expiryInUse(session, preferences('sliding', 100))).toBe(12 * HOUR_MS);
  });
});

describe(newExpiry.name, () => {
  it('is the duration from now', () => {
    expect(newExpiry(preferences('absolute', 1), 500)).toBe(HOUR_MS + 500);
  });
});
