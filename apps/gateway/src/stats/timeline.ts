import type { BanTimeline, TimelineSeries } from '@bailiff/contracts/http';
import type { RollupCount, RollupPoint } from '@bailiff/persistence';
import { DAY_MS, HOUR_MS, type Period } from './stats-period.js';
import type { ZonedHours } from './zoned-hours.js';

/** Ranges up to this long are shown by the hour. */
const HOURLY_UP_TO_MS = 8 * DAY_MS;

/** Length of a step that suits a range. */
export function stepOf({ fromMs, toMs }: Period): BanTimeline['step'] {
  return toMs - fromMs <= HOURLY_UP_TO_MS ? 'hour' : 'day';
}

/** The steps of a range: their starts, and which one an hour falls into. */
export interface Buckets {
  readonly startsMs: readonly number[];
  indexOf(hourMs: number): number | undefined;
}

/** Every step a range touches, also those without a ban. */
export function bucketsOf({ fromMs, toMs }: Period, step: BanTimeline['step'], hours: ZonedHours): Buckets {
  const startsMs: number[] = [];
  const index = new Map<number, number>();
  const nameOf = (hourMs: number) => (step === 'hour' ? hourMs : hours.dayOf(hourMs));
  for (let hourMs = Math.floor(fromMs / HOUR_MS) * HOUR_MS; hourMs < toMs; hourMs += HOUR_MS) {
    const name = nameOf(hourMs);
    if (index.has(name)) continue;
    index.set(name, startsMs.length);
    startsMs.push(step === 'hour' ? hourMs : hours.dayStartMs(name, hourMs));
  }
  return { startsMs, indexOf: (hourMs) => index.get(nameOf(hourMs)) };
}

/** Counts by jail, each named by an hour, as one series for each of the `top` jails and one for all others. */
export function seriesOf(
  points: readonly RollupPoint[],
  top: readonly RollupCount[],
  buckets: Buckets,
): TimelineSeries[] {
  const empty = () => new Array<number>(buckets.startsMs.length).fill(0);
  const byJail = new Map<string, number[]>(top.map(({ key }) => [key, empty()]));
  const others = empty();
  for (const { atMs, key, bans } of points) {
    const at = buckets.indexOf(atMs);
    if (at === undefined) continue;
    const into = byJail.get(key) ?? others;
    into[at] = (into[at] ?? 0) + bans;
  }
  const named = [...byJail].map(([jail, bans]) => ({ jail, bans, total: sum(bans) }));
  const rest = { jail: null, bans: others, total: sum(others) };
  return rest.total > 0 ? [...named, rest] : named;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
