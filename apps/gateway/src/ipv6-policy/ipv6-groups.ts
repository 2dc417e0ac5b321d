import type { Ipv6Prefix } from '@bailiff/contracts/http';
import { parseNetwork, type IpNetwork } from '@bailiff/ip';

/** A current ban, as far as the rule looks at it. */
export interface BannedAddress {
  readonly hostId: string;
  readonly jail: string;
  readonly address: string;
  /** Its sort key: family digit, then the address in hexadecimal. */
  readonly addressSort: string;
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

/** Gathers bans by prefix, any number of them: cuts sort keys, and parses only the prefixes that come to something. */
export class PrefixGroups {
  private readonly groups = new Map<string, BannedAddress[]>();

  constructor(private readonly rule: { readonly prefixLength: Ipv6Prefix; readonly threshold: number }) {}

  add(bans: readonly BannedAddress[]): void {
    const end = 1 + this.rule.prefixLength / 4;
    for (const ban of bans) {
      const key = `${ban.hostId} ${ban.jail} ${ban.addressSort.slice(1, end)}`;
      const group = this.groups.get(key);
      if (group === undefined) this.groups.set(key, [ban]);
      else group.push(ban);
    }
  }

  /** Prefixes with at least so many banned addresses, most first. */
  found(): PrefixGroup[] {
    const { prefixLength, threshold } = this.rule;
    return [...this.groups.values()]
      .flatMap((group): PrefixGroup[] => {
        const [first] = group;
        if (first === undefined || group.length < threshold) return [];
        const addresses = [...new Set(group.map(({ address }) => address))];
        if (addresses.length < threshold) return [];
        const { hostId, jail } = first;
        const prefix = prefixOf(first.address, prefixLength);
        return [{ hostId, jail, prefix, addresses, expiresAtMs: longest(group) }];
      })
      .sort((a, b) => b.addresses.length - a.addresses.length || (a.prefix < b.prefix ? -1 : 1));
  }
}

function longest(bans: readonly BannedAddress[]): number | null {
  return bans.reduce<number | null>(
    (end, { expiresAtMs }) => (end === null || expiresAtMs === null ? null : Math.max(end, expiresAtMs)),
    0,
  );
}
