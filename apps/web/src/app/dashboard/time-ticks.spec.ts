import { describe, expect, it } from '@jest/globals';
import { TimeLabels } from './time-labels';
import { timeTicks } from './time-ticks';

const HOUR_MS = 3_600_000;
const hours = (from: string, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Date.parse(from) + i * HOUR_MS);
const days = (from: string, count: number): number[] => hours(from, count).map((at, i) => at + i * 23 * HOUR_MS);
const ticks = (buckets: number[], step: 'hour' | 'day', zone: string, most: number): [number, string][] => [
  ...timeTicks(buckets, step, new TimeLabels('en-GB', zone), most),
];

describe(timeTicks, () => {
  it('writes round hours of the zone’s clock, and the date at its midnight', () => {
    expect(ticks(hours('2026-11-20T03:00:00Z', 24), 'hour', 'Europe/Zurich', 9)).toEqual([
      [2, '06:00'],
      [5, '09:00'],
      [8, '12:00'],
      [11, '15:00'],
      [14, '18:00'],
      [17, '21:00'],
      [20, '21 Nov'],
      [23, '03:00'],
    ]);
  });

  it('writes fewer where there is less room', () => {
    expect(ticks(hours('2026-11-20T03:00:00Z', 24), 'hour', 'UTC', 3).map(([, text]) => text)).toEqual([
      '12:00',
      '21 Nov',
    ]);
    expect(ticks(hours('2026-11-14T00:00:00Z', 168), 'hour', 'UTC', 4).map(([, text]) => text)).toEqual([
      '14 Nov',
      '16 Nov',
      '18 Nov',
      '20 Nov',
    ]);
    expect(ticks(hours('2026-11-20T03:00:00Z', 24), 'hour', 'UTC', 0)).toHaveLength(1);
  });

  it('knows half hours', () => {
    expect(ticks(hours('2026-11-20T17:00:00Z', 3), 'hour', 'Asia/Kolkata', 3)).toEqual([
      [0, '22:30'],
      [1, '23:30'],
      [2, '21 Nov'],
    ]);
  });

  it('finds midnight on the day the clock goes forward over it', () => {
    expect(ticks(hours('2026-09-06T02:00:00Z', 4), 'hour', 'America/Santiago', 2)).toEqual([[2, '6 Sept']]);
  });

  it('counts days from the last one', () => {
    expect(ticks(days('2026-10-22T22:00:00Z', 30), 'day', 'Europe/Zurich', 7).map(([i]) => i)).toEqual([
      4, 9, 14, 19, 24, 29,
    ]);
  });

  it('names months of a year, and the year where it begins', () => {
    expect(ticks(days('2025-11-21T00:00:00Z', 365), 'day', 'UTC', 6).map(([, text]) => text)).toEqual([
      '2026',
      'Mar',
      'May',
      'Jul',
      'Sept',
      'Nov',
    ]);
  });

  it('has nothing to say of nothing', () => {
    expect(ticks([], 'hour', 'UTC', 5)).toEqual([]);
  });
});
