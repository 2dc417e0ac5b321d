import type { DashboardRange } from '@bailiff/contracts/http';
import type { DayCut } from '@bailiff/persistence';
import { DAY_MS, HOUR_MS, type Period } from '../stats/stats-period.js';

/** Hours each point of a course covers, so that every bound is a full hour of the counters. */
const HOURS_EACH: Record<DashboardRange, number> = { '24h': 1, '7d': 6, '30d': 24, '365d': 5 * 24 };
/** Points of the course of a custom range, at most. */
const POINTS = 60;

/** How a period is cut into evenly spaced points. */
export interface Course {
  /** A full hour; the first point may begin before the period does. */
  readonly startMs: number;
  readonly points: number;
  readonly pointMs: number;
}

/** The cut that suits a period. */
export function courseFor({ name, fromMs, toMs }: Period): Course {
  const startMs = Math.floor(fromMs / HOUR_MS) * HOUR_MS;
  const hours = Math.ceil((toMs - startMs) / HOUR_MS);
  const hoursEach = name === 'custom' ? hoursEachOf(hours) : HOURS_EACH[name];
  return { startMs, points: Math.ceil(hours / hoursEach), pointMs: hoursEach * HOUR_MS };
}

/** Whole days where it is more than one: these are counted many hours at a time. */
function hoursEachOf(hours: number): number {
  const each = Math.ceil(hours / POINTS);
  return each <= 24 ? each : Math.ceil(each / 24) * 24;
}

/** Steps of counters that fall into one point each. */
export function stepFor({ startMs, pointMs }: Course): 'hour' | DayCut {
  const cut = (startMs % DAY_MS) / HOUR_MS;
  return pointMs % DAY_MS === 0 ? () => cut : 'hour';
}

/** The spans of the points. */
export function spansOf({ startMs, points, pointMs }: Course): { readonly fromMs: number; readonly toMs: number }[] {
  return Array.from({ length: points }, (_, point) => ({
    fromMs: startMs + point * pointMs,
    toMs: startMs + (point + 1) * pointMs,
  }));
}

/**
 * A level as last noted in each point of a course. A point without a note keeps the level before it; points before the first
 * note are left out.
 */
export function lastIn(
  { startMs, points, pointMs }: Course,
  notes: readonly { readonly hourMs: number; readonly count: number }[],
): number[] {
  const levels = new Map(notes.map(({ hourMs, count }) => [Math.floor((hourMs - startMs) / pointMs), count]));
  const course: number[] = [];
  for (let point = 0; point < points; point += 1) {
    const level = levels.get(point) ?? course.at(-1);
    if (level !== undefined) course.push(level);
  }
  return course;
}

/** Counts of hours or days folded into the points of a course; what lies outside of it is left out. */
export function foldInto(
  { startMs, points, pointMs }: Course,
  counts: readonly { readonly atMs: number; readonly count: number }[],
): number[] {
  const folded = new Array<number>(points).fill(0);
  for (const { atMs, count } of counts) {
    const point = Math.floor((atMs - startMs) / pointMs);
    const current = folded[point];
    if (atMs >= startMs && current !== undefined) folded[point] = current + count;
  }
  return folded;
}
