import { WIDEST_BAN_PREFIX } from '@bailiff/contracts/http';
import { aggregate, family, type IpNetwork, subnetsOf } from '@bailiff/ip';
import { type AddressRange, networksOfRange } from '../address-number.js';

/** Networks that may be banned, and whether there were more. */
export interface BannableNetworks {
  readonly networks: readonly IpNetwork[];
  readonly isTruncated: boolean;
}

/**
 * The fewest networks that cover ranges of addresses and may be banned: what is wider than a ban may be comes as its parts.
 * @param max most networks; a made-up range may have billions of parts
 */
export function bannableNetworks(ranges: Iterable<AddressRange>, max: number): BannableNetworks {
  const networks: IpNetwork[] = [];
  for (const network of aggregate([...ranges].flatMap(networksOfRange))) {
    for (const part of subnetsOf(network, WIDEST_BAN_PREFIX[family(network)])) {
      if (networks.length === max) return { networks, isTruncated: true };
      networks.push(part);
    }
  }
  return { networks, isTruncated: false };
}
