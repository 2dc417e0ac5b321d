import type { HourOfWeek } from '@bailiff/contracts/http';
import { describe, expect, it } from '@jest/globals';
import { busiest, hourText, latestOf } from './heat-chart';
import { TimeLabels } from './time-labels';

const week = (changes: Partial<HourOfWeek> = {}): HourOfWeek => ({
  from: '2026-11-14T03:00:00.000Z',
  to: '2026-11-21T03:00:00.000Z',
  timeZone: 'Europe/Zurich',
  startMinute: 0,
  total: 0,
  bans: Array.from({ length: 7 }, () => new Array<number>(24).fill(0)),
  ...changes,
});
const zurich = new TimeLabels('en', 'Europe/Zurich');
const latest = (of: HourOfWeek, cell: number): string | undefined =>
  latestOf(of, cell, (at) => zurich.weekHour(at))?.from;

describe(latestOf, () => {
  it('finds the latest hour of the range on the zone’s clock', () => {
    // The last hour of the range is Saturday, 03:00 in Zurich.
    expect(latest(week(), 5 * 24 + 3)).toBe('2026-11-21T02:00:00.000Z');
    expect(latest(week(), 5 * 24 + 4)).toBe('2026-11-14T03:00:00.000Z');
    expect(latest(week(), 0)).toBe('2026-11-15T23:00:00.000Z');
  });

  it('finds none that is not in the range', () => {
    expect(latest(week({ from: '2026-11-20T03:00:00.000Z' }), 0)).toBeUndefined();
  });

  it('goes on to the week before over an hour that the clock skipped', () => {
    const spring = week({ from: '2026-03-10T00:00:00.000Z', to: '2026-03-30T00:00:00.000Z' });
    // Sunday, 02:00 does not exist on the 29th.
    expect(latest(spring, 6 * 24 + 2)).toBe('2026-03-22T01:00:00.000Z');
    expect(latest(spring, 6 * 24 + 3)).toBe('2026-03-29T01:00:00.000Z');
  });
});

describe('words of a week', () => {
  it('say which hours are meant, at half past where they begin there', () => {
    expect(hourText(week(), 23)).toBe('23:00–00:00');
    expect(hourText(week({ startMinute: 30 }), 9)).toBe('09:30–10:30');
  });

  it('say when it was worst', () => {
    const bans = week().bans.map((day, y) => day.map((_, x) => (y === 2 && x === 7 ? 9 : 1)));
    expect(busiest(week({ bans }))).toEqual({ day: 2, hour: 7, bans: 9 });
    expect(busiest(week()).bans).toBe(0);
  });
});
