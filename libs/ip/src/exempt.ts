import { family, prefixLength } from './network.js';
import type { IpNetwork } from './parse.js';

/**
 * Shortest prefix of a network that may be exempt from bans: the widest private ranges (10.0.0.0/8, fc00::/7). Wider ones would
 * switch fail2ban off, and be forgotten.
 */
export const WIDEST_EXEMPT_PREFIX = { 4: 8, 6: 7 } as const;

/** Whether a network is narrow enough to be allowed or ignored. */
export function mayBeExempt(network: IpNetwork): boolean {
  return prefixLength(network) >= WIDEST_EXEMPT_PREFIX[family(network)];
}
