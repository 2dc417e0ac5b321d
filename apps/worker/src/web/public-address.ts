import { isPrivateOrReserved, NetworkSet, parseNetwork, tryParseAddress } from '@bailiff/ip';

/** IPv6 space given out so far: everything else is local, reserved, multicast, or a way into IPv4 (NAT64). */
const GLOBAL_UNICAST = new NetworkSet([parseNetwork('2000::/3')]);
/** Inside it, but not plain hosts of the internet: protocol assignments with Teredo, and 6to4, which carry IPv4 addresses. */
const TUNNELS = new NetworkSet(['2001::/23', '2002::/16'].map(parseNetwork));
const LOOPBACK = new NetworkSet(['127.0.0.0/8', '::1'].map(parseNetwork));

/**
 * Whether an address may be connected to on somebody else's word: a plain host of the public internet. No private, loopback,
 * link-local (cloud metadata), unique-local, multicast or reserved address, nor IPv6 space that tunnels to IPv4.
 */
export function isPublicAddress(text: string): boolean {
  const address = tryParseAddress(text);
  if (address === undefined || isPrivateOrReserved(address)) return false;
  return !address.includes(':') || (GLOBAL_UNICAST.covers(address) && !TUNNELS.touches(address));
}

/** Whether an address is this machine itself: what tests reach their servers by. */
export function isLoopback(text: string): boolean {
  const address = tryParseAddress(text);
  return address !== undefined && LOOPBACK.covers(address);
}
