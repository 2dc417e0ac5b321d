import { describe, expect, it } from '@jest/globals';
import { parseNetwork, sortKey } from '@bailiff/ip';
import { type BannedAddress, PrefixGroups, prefixOf } from './ipv6-groups.js';

const ban = (address: string, expiresAtMs: number | null = 1_000, jail = 'sshd', hostId = 'a') => ({
  hostId,
  jail,
  address,
  addressSort: sortKey(parseNetwork(address)),
  expiresAtMs,
});
const groupByPrefix = (bans: readonly BannedAddress[], rule: ConstructorParameters<typeof PrefixGroups>[0]) => {
  const groups = new PrefixGroups(rule);
  for (const one of bans) groups.add([one]);
  return groups.found();
};

describe(PrefixGroups.name, () => {
  const bans = [
    ban('2001:db8::1'),
    ban('2001:db8::2', 9_000),
    ban('2001:db8:0:1::1', 3_000),
    ban('2001:db8::3', 1_000, 'mail'),
    ban('2001:db8::4', 1_000, 'sshd', 'b'),
    ban('2001:db8:1::1'),
  ];

  it('counts each jail of each host for itself, and lasts as long as the longest', () => {
    expect(groupByPrefix(bans, { prefixLength: 64, threshold: 2 })).toMatchObject([
      {
        hostId: 'a',
        jail: 'sshd',
        prefix: '2001:db8::/64',
        addresses: ['2001:db8::1', '2001:db8::2'],
        expiresAtMs: 9_000,
      },
    ]);
  });

  it('knows wider prefixes', () => {
    expect(groupByPrefix(bans, { prefixLength: 56, threshold: 3 })[0]?.addresses).toHaveLength(3);
    expect(groupByPrefix(bans, { prefixLength: 48, threshold: 4 })).toEqual([]);
    expect(prefixOf('2001:db8:0:12ff::1', 56)).toBe('2001:db8:0:1200::/56');
  });

  it('is permanent when one of them is', () => {
    const group = groupByPrefix([ban('2001:db8::1'), ban('2001:db8::2', null)], { prefixLength: 64, threshold: 2 });
    expect(group[0]?.expiresAtMs).toBeNull();
  });

  it('takes any number of one prefix', () => {
    const one = ban('2001:db8::1');
    const many = Array.from({ length: 200_000 }, (_, n) => ({ ...one, address: `2001:db8::${n}`, expiresAtMs: n }));
    const [group] = groupByPrefix(many, { prefixLength: 64, threshold: 2 });
    expect([group?.addresses.length, group?.expiresAtMs]).toEqual([200_000, 199_999]);
  });

  it('counts an address once', () => {
    expect(groupByPrefix([ban('2001:db8::1'), ban('2001:db8::1')], { prefixLength: 64, threshold: 2 })).toEqual([]);
  });
});
