export type DurationUnit = 'minutes' | 'hours' | 'days';

const SECONDS: Record<DurationUnit, number> = { minutes: 60, hours: 3_600, days: 86_400 };

/** The longest time the API takes: ten years. */
export const MAX_SECONDS = 315_360_000;

/** Seconds of a typed number of units; null when it is none, or too long. */
export function secondsOf(number: string, unit: DurationUnit): number | null {
  const seconds = Math.round(Number(number.trim().replace(',', '.')) * SECONDS[unit]);
  return number.trim() !== '' && Number.isFinite(seconds) && seconds >= 1 && seconds <= MAX_SECONDS ? seconds : null;
}
