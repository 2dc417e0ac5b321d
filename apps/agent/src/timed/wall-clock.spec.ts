import { describe, expect, it } from '@jest/globals';
import { WallClock } from './wall-clock.js';

describe(WallClock.name, () => {
  const at = { wall: 1_700_000_000_000, steady: 0 };
  const pass = (ms: number, jumpMs = 0) => {
    at.wall += ms + jumpMs;
    at.steady += ms;
  };
  const clock = new WallClock(
    () => at.wall,
    () => at.steady,
  );

  it('is believed while it goes evenly, slewed by seconds or not', () => {
    for (const jump of [0, 900, -900, 0]) {
      pass(10_000, jump);
      expect(clock.settling()).toBe(0);
    }
  });

  it('is not believed for a while after it jumped ahead', () => {
    pass(1_000, 86_400_000);
    expect(clock.settling()).toBe(30_000);
    pass(20_000);
    expect(clock.settling()).toBe(10_000);
    pass(10_000);
    expect(clock.settling()).toBe(0);
  });

  it('is believed at once when it comes back, or is set back', () => {
    pass(1_000, 86_400_000);
    expect(clock.settling()).toBe(30_000);
    pass(1_000, -86_400_000);
    expect(clock.settling()).toBe(0);
    pass(1_000, -86_400_000);
    expect(clock.settling()).toBe(0);
  });
});
