import { describe, expect, it } from '@jest/globals';
import { customRange, isRange, rangeParams, rangeStart } from './time-range';

const NOW = Date.parse('2026-03-31T12:00:30Z');

describe(rangeStart.name, () => {
  it.each([
    ['24h', '2026-03-10T13:00:00.000Z'],
    ['7d', '2026-03-04T13:00:00.000Z'],
    ['365d', '2025-03-11T13:00:00.000Z'],
  ] as const)('counts %s in full hours, the running one included', (range, start) => {
    expect(rangeStart(range, Date.parse('2026-03-11T12:34:56Z'))).toBe(start);
  });
});

describe(rangeParams.name, () => {
  it('takes a range of the dashboard as reaching up to now', () => {
    expect(rangeParams('24h', NOW)).toEqual({ from: rangeStart('24h', NOW) });
  });

  it('takes a custom range', () => {
    const value = customRange('2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z');
    expect(rangeParams(value, NOW)).toEqual({ from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' });
  });

  it('writes times as the API wants them', () => {
    expect(rangeParams('2026-03-01T02:00+02:00~2026-03-02', NOW)).toEqual({
      from: '2026-03-01T00:00:00.000Z',
      to: '2026-03-02T00:00:00.000Z',
    });
  });

  it.each([undefined, '', 'yesterday', 'a~b', '2026-03-01T00:00:00Z~', 'toString'])('makes nothing of %j', (value) => {
    expect(rangeParams(value, NOW)).toEqual({});
  });
});

describe(isRange.name, () => {
  it('knows the ranges of the dashboard', () => {
    expect(['24h', '7d', '30d', '365d', '1h', 'constructor', undefined].map(isRange)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
