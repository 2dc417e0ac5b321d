import { describe, expect, it } from '@jest/globals';
import { AddressCache, isStale, KNOWN_FOR_MS, UNKNOWN_FOR_MS } from './address-cache.js';

describe(isStale, () => {
  it.each([
    ['DE', KNOWN_FOR_MS, false],
    ['DE', KNOWN_FOR_MS + 1, true],
    [null, UNKNOWN_FOR_MS, false],
    [null, UNKNOWN_FOR_MS + 1, true],
  ])('%s after %d ms: %s', (country, ageMs, stale) => {
    expect(isStale({ country, resolvedAtMs: 1_000 }, 1_000 + ageMs)).toBe(stale);
  });
});

describe(AddressCache, () => {
  it('forgets the oldest entry when full', () => {
    const cache = new AddressCache(2);
    const known = { country: 'DE', asn: 64_500, rir: null, resolvedAtMs: 0 };
    for (const address of ['a', 'b', 'a', 'c']) cache.set(address, known);
    expect(['a', 'b', 'c'].map((address) => cache.get(address) !== undefined)).toEqual([true, false, true]);
  });
});
