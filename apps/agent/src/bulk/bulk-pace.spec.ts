import { describe, expect, it } from '@jest/globals';
import { BulkPace } from './bulk-pace.js';

/** Size after many commands that cost so much an address. */
const settled = (msEach: number): BulkPace => {
  const pace = new BulkPace();
  for (let turn = 0; turn < 50; turn += 1) pace.measure(pace.size, pace.size * msEach);
  return pace;
};

describe(BulkPace.name, () => {
  it.each([0.01, 0.05, 0.5, 2, 6])('keeps fail2ban for at most 10 ms a command at %d ms an address', (msEach) => {
    const pace = settled(msEach);
    expect(pace.size * msEach).toBeLessThanOrEqual(10);
    expect(pace.gapMs).toBe(2);
  });

  it('asks for one at a time, and leaves as much time as it takes, where one takes too long', () => {
    const pace = settled(60);
    expect(pace.size).toBe(1);
    expect(pace.gapMs).toBe(60);
    pace.measure(1, 5_000);
    expect(pace.gapMs).toBe(250);
  });

  it('shrinks at once, grows by half', () => {
    const pace = settled(0.05);
    const { size } = pace;
    pace.measure(size, 70);
    expect(pace.size).toBeLessThanOrEqual(size / 9);
    const before = pace.size;
    pace.measure(before, 0.1);
    expect(pace.size).toBe(Math.ceil(before * 1.5));
    pace.shrink();
    expect(pace.size).toBe(1);
  });
});
