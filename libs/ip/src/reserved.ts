import { NetworkSet } from './network-set.js';
import { parseNetwork, type IpNetwork } from './parse.js';

// IANA IPv4 and IPv6 special-purpose registries: everything that is not globally reachable, and multicast.
const NOT_GLOBAL = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Unspecified, loopback and the deprecated IPv4-compatible form.
  '::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001:2::/48',
  '2001:10::/28',
  '2001:db8::/32',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

const notGlobal = new NetworkSet(NOT_GLOBAL.map(parseNetwork));

/**
 * Whether an address, or any part of a network, is private, local, documentation, multicast or otherwise not
 * reachable over the internet.
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 */
export function isPrivateOrReserved(value: IpNetwork): boolean {
  return notGlobal.touches(value);
}
