import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HostStatusThrottle } from './host-status-throttle.js';

describe(HostStatusThrottle, () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('lets the first notice through at once and folds the rest into one', () => {
    const seen: string[] = [];
    const throttle = new HostStatusThrottle(1_000, (hostId) => seen.push(hostId));
    for (let i = 0; i < 50; i += 1) throttle.notice('a');
    throttle.notice('b');
    expect(seen).toEqual(['a', 'b']);
    jest.advanceTimersByTime(1_000);
    expect(seen).toEqual(['a', 'b', 'a']);
    jest.advanceTimersByTime(5_000);
    expect(seen).toEqual(['a', 'b', 'a']);
    throttle.notice('a');
    expect(seen).toEqual(['a', 'b', 'a', 'a']);
    throttle.stop();
  });
});
