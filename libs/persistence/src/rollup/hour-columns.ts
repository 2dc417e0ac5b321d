import { DAY_MS, HOUR_MS } from './calendar.js';

/** Hours of a UTC day. */
export const HOURS_OF_DAY = DAY_MS / HOUR_MS;

/** Columns of `day_hours` for the hours of a day from one to another, the second left out. */
export function hourColumns(from = 0, to = HOURS_OF_DAY): string[] {
  return Array.from({ length: to - from }, (_, n) => `h${from + n}`);
}

/** Their sum; of none, zero. */
export function sumOfHours(from: number, to: number): string {
  return from < to ? hourColumns(from, to).join(' + ') : '0';
}
