import { describe, expect, it } from '@jest/globals';
import { utcToZoned, zonedToUtc } from './zoned-time';

describe(zonedToUtc.name, () => {
  it.each([
    ['2026-01-15T12:00', 'Europe/Zurich', '2026-01-15T11:00:00.000Z'],
    ['2026-07-15T12:00', 'Europe/Zurich', '2026-07-15T10:00:00.000Z'],
    ['2026-07-15T12:00', 'UTC', '2026-07-15T12:00:00.000Z'],
    ['2026-07-15T00:30', 'Asia/Kolkata', '2026-07-14T19:00:00.000Z'],
    ['2026-03-29T03:30', 'Europe/Zurich', '2026-03-29T01:30:00.000Z'],
  ])('%s in %s is %s', (local, zone, utc) => {
    expect(zonedToUtc(local, zone)).toBe(utc);
  });

  it('takes the later time for one that the zone skips', () => {
    expect(zonedToUtc('2026-03-29T02:30', 'Europe/Zurich')).toBe('2026-03-29T01:30:00.000Z');
  });

  it('gives nothing for what is no time', () => {
    expect(zonedToUtc('soon', 'UTC')).toBeUndefined();
  });
});

describe(utcToZoned.name, () => {
  it('is the other way round', () => {
    expect(utcToZoned('2026-07-15T10:00:00Z', 'Europe/Zurich')).toBe('2026-07-15T12:00');
  });
});
