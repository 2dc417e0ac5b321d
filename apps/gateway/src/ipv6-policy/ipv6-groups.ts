import type { Ipv6Prefix } from '@bailiff/contracts/http';
import { parseNetwork, type IpNetwork } from '@bailiff/ip';

/** A current ban, as far as the rule looks at it. */
export interface BannedAddress {
  readonly hostId: string;
  readonly jail: string;
  readonly address: string;
  /** null: permanent. */
  readonly expiresAtMs: number | null;
}

/** Bans of one prefix in one jail of one host. */
export interface PrefixGroup {
  readonly hostId: string;
  readonly jail: string;
  readonly prefix: IpNetwork;
  readonly addresses: readonly string[];
  /** End of the longest; null: permanent. */
  readonly expiresAtMs: number | null;
}

/** The prefix that an IPv6 address lies in. */
export function prefixOf(address: string, length: Ipv6Prefix): IpNetwork {
  return parseNetwork(`${address}/${length}`);
}

/** Prefixes with at least so many banned addresses, most first. */
export function groupByPrefix(
  bans: readonly BannedAddress[],
  rule: { readonly prefixLength: Ipv6Prefix; readonly threshold: number },
): PrefixGroup[] {
  const groups = Map.groupBy(bans, ({ hostId, jail, address }) => {
    return `${hostId} ${jail} ${prefixOf(address, rule.prefixLength)}`;
  });
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      const addresses = [...new Set(group.map(({ address }) => address))];
      if (first === undefined || addresses.length < rule.threshold) return [];
      return [{ ...first, prefix: prefixOf(first.address, rule.prefixLength), addresses, expiresAtMs: longest(group) }];
    })
    .sort((a, b) => b.addresses.length - a.addresses.length || (a.prefix < b.prefix ? -1 : 1));
}

function longest(bans: readonly BannedAddress[]): number | null {
  return bans.some(({ expiresAtMs }) => expiresAtMs === null)
    ? null
    : Math.max(...bans.map(({ expiresAtMs }) => expiresAtMs ?? 0));
}
