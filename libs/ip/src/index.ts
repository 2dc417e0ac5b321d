export type { IpFamily } from './bits.js';
export { mayBeExempt, WIDEST_EXEMPT_PREFIX } from './exempt.js';
export { InvalidAddressError } from './invalid-address.error.js';
export { NetworkSet } from './network-set.js';
export {
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
  type NetworkRange,
} from './network.js';
export {
  isAddress,
  parseAddress,
  parseNetwork,
  tryParseAddress,
  tryParseNetwork,
  type IpAddress,
  type IpNetwork,
} from './parse.js';
export { isPrivateOrReserved } from './reserved.js';
