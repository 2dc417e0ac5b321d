import { describe, expect, it } from '@jest/globals';
import { EnrolmentRate, RATE } from './enrolment-rate.js';

describe(EnrolmentRate, () => {
  it('lets one address make a few requests a minute', () => {
    const rate = new EnrolmentRate();
    for (let i = 0; i < RATE.perAddress; i += 1) expect(rate.take('192.0.2.1', 1_000)).toBe(undefined);
    expect(rate.take('192.0.2.1', 31_000)).toBe(30);
    expect(rate.take('192.0.2.2', 31_000)).toBe(undefined);
    expect(rate.take('192.0.2.1', 61_000)).toBe(undefined);
  });

  it('limits all addresses together', () => {
    const rate = new EnrolmentRate();
    for (let i = 0; i < RATE.overall; i += 1) expect(rate.take(`198.51.100.${i}`, 0)).toBe(undefined);
    expect(rate.take('192.0.2.1', 0)).toBe(60);
  });
});
