import { parseNetwork, sortKey } from '@bailiff/ip';
import { describe, expect, it } from '@jest/globals';
import { SourceGroups } from './source-groups.js';

let nextId = 0;
const from = (address: string, change: object = {}) => ({
  id: (nextId += 1),
  atMs: 1_000 + nextId,
  hostId: 'a',
  jail: 'sshd',
  addressSort: sortKey(parseNetwork(address)),
  country: 'CH',
  asn: null,
  ...change,
});
const gather = (...sources: ReturnType<typeof from>[]) => {
  const groups = new SourceGroups();
  for (const source of sources) groups.add(source);
  return groups;
};

describe(SourceGroups.name, () => {
  it('finds networks of many addresses, each address once', async () => {
    const groups = gather(
      ...['1', '2', '3', '3'].map((last) => from(`198.51.100.${last}`)),
      from('198.51.100.4', { jail: 'mail', hostId: 'b' }),
      from('203.0.113.1'),
    );
    expect(await groups.campaigns(3)).toMatchObject([
      { network: '198.51.100.0/24', kind: 'ipv4-24', addresses: 4, bans: 5, share: 4 / 256, jails: ['sshd', 'mail'] },
    ]);
    expect(await groups.campaigns(5)).toEqual([]);
  });

  it('calls a wide network a campaign only when several narrow ones take part', async () => {
    const two = gather(...[1, 2, 3, 4].flatMap((n) => [from(`198.51.1.${n}`), from(`198.51.2.${n}`)]));
    expect((await two.campaigns(3)).map(({ network }) => network)).toEqual(['198.51.2.0/24', '198.51.1.0/24']);
    const many = gather(...[1, 2, 3, 4].flatMap((n) => [from(`198.51.${n}.1`), from(`198.51.${n}.2`)]));
    expect((await many.campaigns(3)).map(({ network }) => network)).toEqual(['198.51.0.0/16']);
  });

  it('finds prefixes of IPv6 and autonomous systems', async () => {
    const groups = gather(
      ...[1, 2, 3].map((n) => from(`2001:db8::${n}`, { asn: 64_496 })),
      ...[1, 2, 3].flatMap((n) => [1, 2].map((m) => from(`203.0.${n}.${m}`, { asn: 64_496 }))),
    );
    expect((await groups.campaigns(3)).map(({ network, addresses }) => [network, addresses])).toEqual([
      ['AS64496', 9],
      ['203.0.0.0/16', 6],
      ['2001:db8::/64', 3],
    ]);
  });

  it('describes no more than asked for, the largest', async () => {
    const groups = gather(
      ...[1, 2, 3].map((n) => from(`198.51.100.${n}`)),
      ...[1, 2, 3, 4].map((n) => from(`203.0.113.${n}`)),
      ...[1, 2].map((n) => from(`240.0.0.${n}`)),
    );
    expect((await groups.campaigns(2, 2)).map(({ network }) => network)).toEqual(['203.0.113.0/24', '198.51.100.0/24']);
    expect((await groups.campaigns(2)).at(-1)).toMatchObject({ network: '240.0.0.0/24', addresses: 2 });
  });

  it('leaves out networks that were banned, and what is no address', async () => {
    const odd = [1, 2, 3].map((n) => from('192.0.2.1', { addressSort: `ztext${n}` }));
    expect(await gather(...odd, from('198.51.100.0/24'), from('2001:db8::/64')).campaigns(1)).toEqual([]);
  });
});
