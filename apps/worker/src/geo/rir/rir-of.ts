import { RIRS, type Rir } from '@bailiff/contracts/http';
import { isPrivateOrReserved, NetworkSet, parseAddress, parseNetwork } from '@bailiff/ip';
import { IPV4_BLOCKS, IPV4_SHARED_BLOCKS, IPV6_BLOCKS } from './iana-allocations.js';
import { rirOfCountry } from './service-regions.js';

const byBlock = new Map(RIRS.flatMap((rir) => blocks(IPV4_BLOCKS[rir]).map((block) => [block, rir])));
const shared = new Set(blocks(IPV4_SHARED_BLOCKS));
const ipv6 = RIRS.map((rir) => ({ rir, space: new NetworkSet(IPV6_BLOCKS[rir].split(/\s+/).map(parseNetwork)) }));

/**
 * Registry an address was given out by, as far as IANA's blocks tell. Legacy blocks went to several: there the country decides,
 * and without one nobody knows. Blocks handed from one registry to another later are not seen: RDAP is the authority.
 */
export function rirOf(text: string, country: string | null): Rir | null {
  const address = parseAddress(text);
  if (isPrivateOrReserved(address)) return null;
  if (address.includes(':')) return ipv6.find(({ space }) => space.covers(address))?.rir ?? null;
  const block = Number(address.slice(0, address.indexOf('.')));
  if (shared.has(block)) return country === null ? null : rirOfCountry(country);
  return byBlock.get(block) ?? null;
}

/** `1 14 58-61` as numbers. */
function blocks(text: string): number[] {
  return text.split(' ').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
