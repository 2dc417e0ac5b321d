import { describe, expect, it } from '@jest/globals';
import { BulkPace } from './bulk-pace.js';

/** After many commands that cost so much an address. */
const settled = (msEach: number): BulkPace => {
  const pace = new BulkPace();
  for (let turn = 0; turn < 50; turn += 1) pace.measure(pace.size, pace.size * msEach);
  return pace;
};

describe(BulkPace.name, () => {
  it.each([0.02, 0.05, 0.5, 2, 6])('keeps fail2ban for at most 10 ms a command at %d ms an address', (msEach) => {
    const pace = settled(msEach);
    expect(pace.size * msEach).toBeLessThanOrEqual(10);
    expect(pace.size * msEach).toBeGreaterThanOrEqual(3);
    expect(pace.gapMs).toBe(1);
  });

  it('asks for one at a time, and leaves as much time as it takes, where one takes too long', () => {
    const pace = settled(60);
    expect(pace.size).toBe(1);
    expect(pace.gapMs).toBe(60);
    pace.measure(1, 5_000);
    expect(pace.gapMs).toBe(250);
  });

  it('takes one slow moment for what it is', () => {
    const pace = settled(0.05);
    const { size } = pace;
    pace.measure(size, 25);
    expect(pace.size).toBe(size);
  });

  it('gives way at once when far too slow, and knows a slow action by its second command', () => {
    const pace = settled(0.05);
    const { size } = pace;
    pace.measure(size, size * 6);
    expect(pace.size).toBeLessThanOrEqual(size / 4);
    pace.measure(pace.size, pace.size * 6);
    expect(pace.size).toBe(1);
  });

  it('grows to twice at most, and starts anew with one where fail2ban refused', () => {
    const pace = settled(0.05);
    pace.shrink();
    expect(pace.size).toBe(1);
    pace.measure(1, 0.05);
    expect(pace.size).toBe(2);
  });
});
