import { describe, expect, it } from '@jest/globals';
import { rangeParams, rangeStart } from './time-range';

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
  it('reads a custom range, and nothing from what is none', () => {
    const [from, to] = ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z'];
    expect(rangeParams(`${from}~${to}`, 0)).toEqual({ from, to });
    for (const value of [undefined, '', '24', 'yesterday~now', 'constructor'])
      expect(rangeParams(value, 0)).toEqual({});
  });
});
