import { DASHBOARD_RANGES } from '@bailiff/contracts/http';
import { describe, expect, it } from '@jest/globals';
import { courseOf, DAY_MS, HOUR_MS, rangeAt } from './dashboard-range.js';

const now = Date.UTC(2026, 0, 10, 12, 34, 56);
const lengths = { '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS, '365d': 365 * DAY_MS };

describe(rangeAt, () => {
  it.each(DASHBOARD_RANGES)('%s ends with the running hour and is as long as it says', (name) => {
    const range = rangeAt(name, now);
    expect(range.toMs).toBe(Date.UTC(2026, 0, 10, 13));
    expect(range.toMs - range.fromMs).toBe(lengths[name]);
    expect(range.fromMs - range.previousFromMs).toBe(lengths[name]);
  });
});

describe(courseOf, () => {
  it('folds hours into points and drops what lies outside', () => {
    const range = rangeAt('7d', now);
    const hours = [
      { hourMs: range.fromMs - HOUR_MS, count: 100 },
      { hourMs: range.fromMs, count: 1 },
      { hourMs: range.fromMs + 5 * HOUR_MS, count: 2 },
      { hourMs: range.fromMs + 6 * HOUR_MS, count: 4 },
      { hourMs: range.toMs - HOUR_MS, count: 8 },
      { hourMs: range.toMs, count: 100 },
    ];
    const course = courseOf(range, hours);
    expect(course).toHaveLength(28);
    expect([course[0], course[1], course[27]]).toEqual([3, 4, 8]);
    expect(course.reduce((a, b) => a + b)).toBe(15);
  });
});
