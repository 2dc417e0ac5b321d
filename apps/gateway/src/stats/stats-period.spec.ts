import { describe, expect, it } from '@jest/globals';
import { StatsPeriodError } from './stats-period.error.js';
import { DAY_MS, periodOf, rollupFilter } from './stats-period.js';

const now = Date.UTC(2026, 0, 10, 12, 34, 56);

describe(periodOf, () => {
  it.each([
    [undefined, 1],
    ['24h', 1],
    ['7d', 7],
    ['30d', 30],
    ['365d', 365],
  ] as const)('%s ends with the running hour', (range, days) => {
    const period = periodOf(range === undefined ? {} : { range }, now);
    expect(period.toMs).toBe(Date.UTC(2026, 0, 10, 13));
    expect(period.toMs - period.fromMs).toBe(days * DAY_MS);
  });

  it('takes a custom range as it is, and one without an end up to now', () => {
    expect(periodOf({ from: '2026-01-01T00:00:30+01:00', to: '2026-01-02T00:00:00Z' }, now)).toEqual({
      name: 'custom',
      fromMs: Date.UTC(2025, 11, 31, 23, 0, 30),
      toMs: Date.UTC(2026, 0, 2),
    });
    expect(periodOf({ from: '2026-01-01T00:00:00Z' }, now).toMs).toBe(now);
  });

  it.each([
    [{ to: '2026-01-01T00:00:00Z' }, '?from'],
    [{ from: '2026-01-02T00:00:00Z', to: '2026-01-02T00:00:00Z' }, '?to'],
    [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, '?to'],
    [{ from: '2027-01-02T00:00:00Z' }, '?to'],
    [{ from: '2000-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, '?from'],
    [{ range: '7d', from: '2026-01-01T00:00:00Z' }, '?range'],
    [{ from: '2026-W01Z' }, '?from'],
  ] as const)('refuses %j and names the field', (query, pointer) => {
    expect(() => periodOf(query, now)).toThrow(StatsPeriodError);
    try {
      periodOf(query, now);
    } catch (error) {
      expect((error as StatsPeriodError).fields).toMatchObject([{ pointer }]);
    }
  });
});

describe(rollupFilter, () => {
  it('reads lists of hosts and origins, each once', () => {
    const period = periodOf({}, now);
    expect(rollupFilter({ hosts: 'aa,bb,aa', origin: 'manual,fleet,manual' }, period)).toMatchObject({
      hostIds: ['aa', 'bb'],
      origins: ['manual', 'fleet'],
    });
    expect(rollupFilter({}, period)).toMatchObject({ hostIds: undefined, origins: undefined });
  });
});
