import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, periodOf } from '../stats/stats-period.js';
import { courseFor, foldInto, lastIn } from './dashboard-range.js';

const now = Date.UTC(2026, 0, 10, 12, 34, 56);

describe(courseFor, () => {
  it.each([
    ['24h', 24, 1],
    ['7d', 28, 6],
    ['30d', 30, 24],
    ['365d', 73, 120],
  ] as const)('%s has %d points of %d hours', (range, points, hours) => {
    const period = periodOf({ range }, now);
    expect(courseFor(period)).toEqual({ startMs: period.fromMs, points, pointMs: hours * HOUR_MS });
  });

  it.each([
    ['2026-01-10T10:30:00Z', '2026-01-10T11:00:00Z', 1, 1],
    ['2026-01-10T10:30:00Z', '2026-01-10T12:10:00Z', 3, 1],
    ['2026-01-01T00:00:00Z', '2026-01-06T00:00:00Z', 60, 2],
    ['2023-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 58, 19 * 24],
    ['2026-01-01T00:00:00Z', '2026-04-01T00:00:00Z', 45, 2 * 24],
  ])('from %s to %s has %d points of %d hours', (from, to, points, hours) => {
    const course = courseFor(periodOf({ from, to }, now));
    expect([course.points, course.pointMs / HOUR_MS]).toEqual([points, hours]);
    expect(course.startMs % HOUR_MS).toBe(0);
    expect(course.startMs).toBeLessThanOrEqual(Date.parse(from));
    expect(course.startMs + course.points * course.pointMs).toBeGreaterThanOrEqual(Date.parse(to));
  });
});

describe(foldInto, () => {
  it('folds hours into points and drops what lies outside', () => {
    const course = courseFor(periodOf({ range: '7d' }, now));
    const endMs = course.startMs + course.points * course.pointMs;
    const folded = foldInto(course, [
      { atMs: course.startMs - HOUR_MS, count: 100 },
      { atMs: course.startMs, count: 1 },
      { atMs: course.startMs + 5 * HOUR_MS, count: 2 },
      { atMs: course.startMs + 6 * HOUR_MS, count: 4 },
      { atMs: endMs - HOUR_MS, count: 8 },
      { atMs: endMs, count: 100 },
    ]);
    expect(folded).toHaveLength(28);
    expect([folded[0], folded[1], folded[27]]).toEqual([3, 4, 8]);
    expect(folded.reduce((a, b) => a + b)).toBe(15);
  });
});

describe(lastIn, () => {
  const course = { startMs: 0, points: 5, pointMs: 2 * HOUR_MS };

  it('takes the last level noted in each point, and keeps it where none was', () => {
    const notes = [3, 7, 4].map((count, i) => ({ hourMs: (2 + i) * HOUR_MS, count }));
    expect(lastIn(course, notes)).toEqual([7, 4, 4, 4]);
  });

  it('is empty before anything was noted', () => {
    expect(lastIn(course, [])).toEqual([]);
  });
});
