import { RIRS } from '@bailiff/contracts/http';
import { describe, expect, it } from '@jest/globals';
import { IPV4_BLOCKS, IPV4_SHARED_BLOCKS } from './iana-allocations.js';
import { rirOf } from './rir-of.js';

describe(rirOf, () => {
  it.each([
    ['8.8.8.8', null, 'ARIN'],
    ['3.120.0.1', 'DE', 'ARIN'],
    ['193.99.144.80', 'DE', 'RIPE NCC'],
    ['1.1.1.1', 'AU', 'APNIC'],
    ['200.160.2.3', 'BR', 'LACNIC'],
    ['41.0.0.1', 'ZA', 'AFRINIC'],
    ['130.60.1.1', 'CH', 'RIPE NCC'],
    ['128.9.0.1', 'US', 'ARIN'],
    ['128.9.0.1', null, null],
    ['2001:4860:4860::8888', 'US', 'ARIN'],
    ['2a00:1450::1', null, 'RIPE NCC'],
    ['2c0f:fb50::1', null, 'AFRINIC'],
    ['2001:db8::1', null, null],
    ['3000::1', null, null],
    ['10.0.0.1', 'DE', null],
    ['224.0.0.1', null, null],
  ])('%s in %s is with %s', (address, country, rir) => {
    expect(rirOf(address, country)).toBe(rir);
  });

  it('has every /8 in one place at most, and every unicast one in one', () => {
    const parts = [...RIRS.map((rir) => IPV4_BLOCKS[rir]), IPV4_SHARED_BLOCKS].join(' ').split(' ');
    const all = parts.flatMap((part) => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
    const expected = Array.from({ length: 224 }, (_, i) => i).filter((block) => ![0, 10, 127].includes(block));
    expect(all.toSorted((a, b) => a - b)).toEqual(expected);
  });
});
