import type { TimeLabels } from './time-labels';

const HOURS = [1, 2, 3, 4, 6, 12];
const DAYS = [1, 2, 5, 7, 10, 14];
const MONTHS = [1, 2, 3, 6, 12];
/** Up to so many hours the clock is written; beyond, only days. */
const CLOCK_HOURS = 72;
/** Up to so many days they are written; beyond, only months. */
const NAMED_DAYS = 62;

/**
 * Labels of a time axis by the index of their bucket: few, at round times of the zone's clock, the finest that leave each
 * other room. `buckets` are starts in milliseconds, `most` is how many labels there is room for.
 */
export function timeTicks(
  buckets: readonly number[],
  step: 'hour' | 'day',
  labels: TimeLabels,
  most: number,
): ReadonlyMap<number, string> {
  const local = buckets.map((at) => labels.local(at));
  const at = (i: number): number => buckets[i] ?? 0;
  const choose = (is: (i: number, every: number) => boolean, steps: readonly number[]): number[] => {
    let chosen: number[] = [];
    for (const every of steps) {
      chosen = buckets.flatMap((_, i) => (is(i, every) ? [i] : []));
      if (chosen.length <= most) return chosen;
    }
    const apart = Math.ceil(chosen.length / Math.max(1, most));
    return chosen.filter((_, i) => i % apart === 0);
  };
  const isMidnight = (i: number): boolean => {
    const [now, before] = [local[i], local[i - 1]];
    return now !== undefined && (before === undefined ? now.hour === 0 : now.day !== before.day);
  };

  if (step === 'hour' && buckets.length <= CLOCK_HOURS) {
    const chosen = choose((i, every) => isMidnight(i) || (local[i]?.hour ?? 1) % every === 0, HOURS);
    return new Map(chosen.map((i) => [i, isMidnight(i) ? labels.day(at(i)) : labels.clock(at(i))]));
  }
  if (step === 'hour') {
    const midnights = buckets.flatMap((_, i) => (isMidnight(i) ? [i] : []));
    const apart = Math.max(1, Math.ceil(midnights.length / Math.max(1, most)));
    return new Map(midnights.filter((_, n) => n % apart === 0).map((i) => [i, labels.day(at(i))]));
  }
  if (buckets.length <= NAMED_DAYS) {
    // Counted from the end: today is what one looks for.
    const chosen = choose((i, every) => (buckets.length - 1 - i) % every === 0, DAYS);
    return new Map(chosen.map((i) => [i, labels.day(at(i))]));
  }
  const chosen = choose((i, every) => {
    const now = local[i];
    const before = local[i - 1];
    return now !== undefined && before !== undefined && now.month !== before.month && (now.month - 1) % every === 0;
  }, MONTHS);
  return new Map(chosen.map((i) => [i, labels.month(at(i))]));
}
