import type { DashboardRange } from '@bailiff/contracts/http';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How a range is cut: points of the course and hours a point, so that every bound is a full hour of the counters. */
const CUTS: Record<DashboardRange, { readonly points: number; readonly hoursEach: number }> = {
  '24h': { points: 24, hoursEach: 1 },
  '7d': { points: 28, hoursEach: 6 },
  '30d': { points: 30, hoursEach: 24 },
  '365d': { points: 73, hoursEach: 5 * 24 },
};

/** A range of time on full hours, and the same length before it. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
  readonly previousFromMs: number;
  readonly points: number;
  readonly pointMs: number;
}

/** The last hours or days up to now, the running hour included. */
export function rangeAt(range: DashboardRange, nowMs: number): Range {
  const { points, hoursEach } = CUTS[range];
  const pointMs = hoursEach * HOUR_MS;
  const toMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS + HOUR_MS;
  const fromMs = toMs - points * pointMs;
  return { fromMs, toMs, previousFromMs: fromMs - points * pointMs, points, pointMs };
}

/** Hourly counts folded into the points of a range; hours outside of it are left out. */
export function courseOf(
  range: Range,
  hours: readonly { readonly hourMs: number; readonly count: number }[],
): number[] {
  const course = new Array<number>(range.points).fill(0);
  for (const { hourMs, count } of hours) {
    const point = Math.floor((hourMs - range.fromMs) / range.pointMs);
    const current = course[point];
    if (hourMs >= range.fromMs && current !== undefined) course[point] = current + count;
  }
  return course;
}

export { DAY_MS, HOUR_MS };
