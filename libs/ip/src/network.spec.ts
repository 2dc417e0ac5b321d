import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NetworkSet } from './network-set.js';
import {
  addressCount,
  aggregate,
  compareNetworks,
  contains,
  coveringKeys,
  family,
  networkOfKey,
  networkRange,
  overlaps,
  prefixLength,
  sortKey,
  subnetsOf,
} from './network.js';
import { parseNetwork, type IpNetwork } from './parse.js';
import { isPrivateOrReserved } from './reserved.js';

const n = parseNetwork;
/** A crowded corner of both families, so that random networks do meet. */
const crowded = fc
  .tuple(fc.boolean(), fc.nat({ max: 63 }), fc.nat({ max: 6 }))
  .map(([six, host, cut]) =>
    six ? n(`2001:db8::${host.toString(16)}/${128 - cut}`) : n(`192.0.2.${host}/${32 - cut}`),
  );
const anywhere = fc.oneof(
  fc.tuple(fc.ipV4(), fc.nat({ max: 32 })).map(([address, prefix]) => n(`${address}/${prefix}`)),
  fc
    .tuple(fc.array(fc.nat({ max: 0xffff }), { minLength: 7, maxLength: 7 }), fc.nat({ max: 128 }))
    .map(([groups, prefix]) => n(`2001:${groups.map((g) => g.toString(16)).join(':')}/${prefix}`)),
);
const network = fc.oneof(crowded, anywhere);
const sign = (value: number): number => Math.sign(value);

/** Every single address of a small network: the oracle for set questions. */
function members(value: IpNetwork): string[] {
  const count = Number(addressCount(value));
  const base = value.split('/')[0] ?? '';
  return Array.from({ length: count }, (_, i) =>
    family(value) === 4
      ? n(`192.0.2.${Number(base.split('.')[3]) + i}`)
      : n(`2001:db8::${(Number.parseInt(base.split('::')[1] || '0', 16) + i).toString(16)}`),
  );
}

describe('network facts', () => {
  it('tells family, prefix length and size', () => {
    expect(family(n('192.0.2.1'))).toBe(4);
    expect(family(n('2001:db8::'))).toBe(6);
    expect(prefixLength(n('192.0.2.1'))).toBe(32);
    expect(prefixLength(n('2001:db8::/48'))).toBe(48);
    expect(addressCount(n('192.0.2.0/24'))).toBe(256n);
    expect(addressCount(n('::/0'))).toBe(2n ** 128n);
  });

  it.each([
    ['10.1.2.3', true],
    ['8.0.0.0/5', true],
    ['127.0.0.1', true],
    ['192.0.2.9', true],
    ['::1', true],
    ['fe80::1', true],
    ['fd00::/8', true],
    ['0.0.0.0/0', true],
    ['1.1.1.1', false],
    ['2606:4700:4700::1111', false],
    ['2002:c000:204::1', false],
  ])('private or reserved: %s is %s', (text, expected) => {
    expect(isPrivateOrReserved(n(text))).toBe(expected);
  });
});

describe('contains and overlaps', () => {
  it('agree with counting addresses one by one', () => {
    fc.assert(
      fc.property(crowded, crowded, (a, b) => {
        const left = new Set(members(a));
        const right = members(b);
        expect(contains(a, b)).toBe(right.every((address) => left.has(address)));
        expect(overlaps(a, b)).toBe(right.some((address) => left.has(address)));
        expect(overlaps(b, a)).toBe(overlaps(a, b));
      }),
      { numRuns: 500 },
    );
  });

  it('never cross families', () => {
    expect(contains(n('::/0'), n('192.0.2.1'))).toBe(false);
    expect(overlaps(n('0.0.0.0/0'), n('::/0'))).toBe(false);
  });
});

describe('sortKey', () => {
  it('orders text exactly as compareNetworks orders networks', () => {
    fc.assert(
      fc.property(network, network, (a, b) => {
        const byKey = sortKey(a) < sortKey(b) ? -1 : sortKey(a) > sortKey(b) ? 1 : 0;
        expect(byKey).toBe(sign(compareNetworks(a, b)));
        expect(compareNetworks(a, b) === 0).toBe(a === b);
      }),
      { numRuns: 1_000 },
    );
  });

  it('sorts numerically, IPv4 first', () => {
    const sorted = ['2001:db8::1', '192.0.2.10', '192.0.2.9', '192.0.2.0/24', '198.51.100.1']
      .map(n)
      .sort(compareNetworks);
    expect(sorted).toEqual(['192.0.2.0/24', '192.0.2.9', '192.0.2.10', '198.51.100.1', '2001:db8::1']);
  });
});

describe('networkOfKey', () => {
  it('is the inverse of sortKey', () => {
    fc.assert(fc.property(anywhere, (network) => expect(networkOfKey(sortKey(network))).toBe(network)));
  });

  it.each(['', 'ztext', '4c000020', '4c000020021', '4c000020108', '6', `6${'0'.repeat(32)}81`])(
    'knows no %j',
    (key) => {
      expect(networkOfKey(key)).toBeUndefined();
    },
  );
});

describe('networkRange', () => {
  it('encloses exactly the keys of what the network contains', () => {
    fc.assert(
      fc.property(network, network, (outer, other) => {
        const { first, last } = networkRange(outer);
        const key = sortKey(other);
        expect(first <= key && key <= last).toBe(contains(outer, other));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('coveringKeys', () => {
  it('holds exactly the keys of what contains the network', () => {
    fc.assert(
      fc.property(network, network, (inner, other) => {
        expect(coveringKeys(inner).includes(sortKey(other))).toBe(contains(other, inner));
      }),
      { numRuns: 500 },
    );
  });
});

describe('subnetsOf', () => {
  it('cuts a network into those of a longer prefix, in order', () => {
    expect([...subnetsOf(n('192.0.2.0/24'), 26)]).toEqual([
      '192.0.2.0/26',
      '192.0.2.64/26',
      '192.0.2.128/26',
      '192.0.2.192/26',
    ]);
    expect([...subnetsOf(n('2001:db8::/31'), 32)]).toEqual(['2001:db8::/32', '2001:db9::/32']);
    expect([...subnetsOf(n('192.0.2.6/31'), 32)]).toEqual(['192.0.2.6', '192.0.2.7']);
    expect([...subnetsOf(n('255.255.255.254/31'), 32)].at(-1)).toBe('255.255.255.255');
  });

  it('leaves one that is as narrow as it is', () => {
    expect([...subnetsOf(n('192.0.2.0/24'), 24)]).toEqual(['192.0.2.0/24']);
    expect([...subnetsOf(n('192.0.2.7'), 16)]).toEqual(['192.0.2.7']);
  });

  it('comes one by one, however many there are', () => {
    expect(subnetsOf(n('::/0'), 128).next().value).toBe('::');
  });
});

describe('aggregate', () => {
  it('merges halves, drops what is covered, keeps the rest', () => {
    expect(
      aggregate(['192.0.2.128/25', '192.0.2.0/25', '192.0.2.7', '198.51.100.2', '198.51.100.3', '198.51.100.5'].map(n)),
    ).toEqual(['192.0.2.0/24', '198.51.100.2/31', '198.51.100.5']);
    expect(aggregate([n('128.0.0.0/1'), n('0.0.0.0/1'), n('::/1'), n('8000::/1')])).toEqual(['0.0.0.0/0', '::/0']);
  });

  it('covers the same addresses, without overlaps, and cannot be shortened', () => {
    fc.assert(
      fc.property(fc.array(crowded, { maxLength: 40 }), (networks) => {
        const merged = aggregate(networks);
        expect(new Set(merged.flatMap(members))).toEqual(new Set(networks.flatMap(members)));
        expect(merged.flatMap(members)).toHaveLength(new Set(networks.flatMap(members)).size);
        expect(aggregate(merged)).toEqual(merged);
        expect(merged).toEqual(merged.toSorted(compareNetworks));
      }),
      { numRuns: 200 },
    );
  });
});

describe(NetworkSet.name, () => {
  it('answers as a search through all members would', () => {
    fc.assert(
      fc.property(fc.array(crowded, { maxLength: 20 }), crowded, (networks, probe) => {
        const set = new NetworkSet(networks);
        const covered = new Set(networks.flatMap(members));
        expect(set.covers(probe)).toBe(members(probe).every((address) => covered.has(address)));
        expect(set.touches(probe)).toBe(members(probe).some((address) => covered.has(address)));
        expect(set.toList()).toEqual(aggregate(networks));
      }),
      { numRuns: 300 },
    );
  });
});
