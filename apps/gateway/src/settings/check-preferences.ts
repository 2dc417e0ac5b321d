import type { Preferences, ProblemField } from '@bailiff/contracts/http';
import { InvalidRequestError } from '@bailiff/nest-kit';

/**
 * Checks what shapes alone can't say.
 * @param base JSON pointer of the preferences inside the request
 * @throws {InvalidRequestError} for an unknown time zone or thresholds out of order
 */
export function checkPreferences({ timeZone, mapThresholds }: Preferences, base: string): void {
  const fields: ProblemField[] = [];
  if (!isTimeZone(timeZone))
    fields.push({ pointer: `${base}/timeZone`, detail: 'is not a time zone, such as Europe/Zurich' });
  const { low, medium, high } = mapThresholds;
  if (!(low < medium && medium < high)) {
    fields.push({ pointer: `${base}/mapThresholds`, detail: 'must grow: low < medium < high' });
  }
  if (fields.length > 0) throw new InvalidRequestError(fields);
}

function isTimeZone(name: string): boolean {
  try {
    // An offset such as +02:00 is accepted too, but it knows no summer time.
    return !/^[+-]/.test(name) && Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
