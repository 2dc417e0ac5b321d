import type { Preferences } from '@bailiff/contracts/http';

/** Preferences before anyone chose any. */
export function defaultPreferences(): Preferences {
  return {
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    dateFormat: 'iso',
    sessionDurationSeconds: 7 * 24 * 3600,
    sessionMode: 'sliding',
    mapThresholds: { low: 20, medium: 50, high: 100 },
    retentionDays: 0,
  };
}
