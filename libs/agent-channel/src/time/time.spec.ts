import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../test/manual-clock.js';
import { Backoff } from './backoff.js';
import { GatewayClock } from './gateway-clock.js';
import { RepeatBook } from './repeat-book.js';
import { TokenBucket } from './token-bucket.js';

describe(GatewayClock.name, () => {
  it('follows the gateway, however wrong the host’s clock is', () => {
    const clock = new ManualClock();
    const gateway = new GatewayClock(clock);
    clock.wall = 5;
    gateway.sync(1_000_000, clock.monotonicMs());
    clock.advance(250);
    expect(gateway.now()).toBe(1_000_250);
  });

  it('is never behind the gateway when the welcome was held back', () => {
    const clock = new ManualClock();
    const gateway = new GatewayClock(clock);
    clock.advance(4_000); // the hello was sent at 0, the welcome stamped at some time between and read now
    gateway.sync(1_000_000, 0);
    expect(gateway.now()).toBe(1_004_000);
  });

  it('is doubtful once the machine slept or the wall clock was set', () => {
    const clock = new ManualClock();
    const gateway = new GatewayClock(clock);
    expect(gateway.isDoubtful).toBe(false);
    gateway.sync(1_000_000, 0);
    clock.advance(60_000);
    expect(gateway.isDoubtful).toBe(false);
    clock.wall += 5_001;
    expect(gateway.isDoubtful).toBe(true);
    clock.wall -= 10_002;
    expect(gateway.isDoubtful).toBe(true);
  });
});

describe(TokenBucket.name, () => {
  it('lets a burst through, then the rate', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket(10, 3, () => clock.monotonicMs());
    expect([1, 2, 3, 4].map(() => bucket.take())).toEqual([true, true, true, false]);
    clock.advance(100);
    expect([1, 2].map(() => bucket.take())).toEqual([true, false]);
    clock.advance(60_000);
    expect([1, 2, 3, 4].map(() => bucket.take())).toEqual([true, true, true, false]);
  });
});

describe(Backoff.name, () => {
  it('doubles up to its ceiling, never below half of it', () => {
    const backoff = new Backoff(100, 1_000);
    for (const ceiling of [100, 200, 400, 800, 1_000, 1_000]) {
      const pause = backoff.next();
      expect(pause).toBeGreaterThanOrEqual(ceiling / 2);
      expect(pause).toBeLessThanOrEqual(ceiling);
    }
    backoff.reset();
    expect(backoff.next()).toBeLessThanOrEqual(100);
  });
});

describe(RepeatBook.name, () => {
  it('reports the first at once and counts the rest', () => {
    const clock = new ManualClock();
    const reports: unknown[] = [];
    const book = new RepeatBook(
      10_000,
      () => clock.monotonicMs(),
      (...report) => reports.push(report),
    );
    book.raise('a', 'one');
    for (let i = 0; i < 500; i += 1) book.raise('a', `again ${i}`);
    book.raise('b', 'other');
    book.tick();
    expect(reports).toEqual([
      ['a', 'one', 1],
      ['b', 'other', 1],
    ]);
    clock.advance(10_000);
    book.tick();
    expect(reports.slice(2)).toEqual([['a', 'again 499', 500]]);
    clock.advance(10_000);
    book.tick();
    book.raise('a', 'later');
    expect(reports.slice(3)).toEqual([['a', 'later', 1]]);
  });
});
