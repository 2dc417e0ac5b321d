import { describe, expect, it } from '@jest/globals';
import { MemoryCounters } from './counters.js';
import { delayAfter, sourceOf } from './login-limiter.js';

describe(delayAfter.name, () => {
  it('lets the first attempts through, then doubles up to a minute', () => {
    expect([1, 2, 3, 4, 5, 6, 9, 10, 100].map(delayAfter)).toEqual([
      ...[0, 0, 1000, 2000, 4000, 8000],
      ...[60_000, 60_000, 60_000],
    ]);
  });
});

describe(sourceOf.name, () => {
  it('counts an IPv4 address by itself and an IPv6 address by its /64', () => {
    expect(sourceOf('192.0.2.7')).toBe('192.0.2.7');
    expect(sourceOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(sourceOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(sourceOf('not an address')).toBe('unknown');
  });
});

describe(MemoryCounters.name, () => {
  it('counts until the lifetime of the first count is over', async () => {
    let now = 0;
    const counters = new MemoryCounters(() => now);
    expect(await counters.increment('a', 100)).toBe(1);
    now = 99;
    expect(await counters.increment('a', 100)).toBe(2);
    now = 100;
    expect(await counters.increment('a', 100)).toBe(1);
    await counters.forget('a');
    expect(await counters.increment('a', 100)).toBe(1);
  });

  it('gives a lock to one at a time and tells the others how long', async () => {
    let now = 0;
    const counters = new MemoryCounters(() => now);
    expect(await counters.lock('a', 100)).toBe(0);
    now = 40;
    expect(await counters.lock('a', 500)).toBe(60);
    now = 100;
    expect(await counters.lock('a', 500)).toBe(0);
  });

  it('keeps no more keys than it may', async () => {
    const counters = new MemoryCounters(() => 0, 2);
    for (const key of ['a', 'b', 'c']) await counters.increment(key, 100);
    expect(await counters.increment('a', 100)).toBe(1);
    expect(await counters.increment('c', 100)).toBe(2);
  });
});
