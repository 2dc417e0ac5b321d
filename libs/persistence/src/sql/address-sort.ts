import { sortKey, tryParseNetwork } from '@bailiff/ip';

/**
 * Text that sorts addresses and networks as numbers do. Ban ids that are neither (fail2ban allows any) come after all of them,
 * in their own order.
 */
export function addressSortKey(address: string): string {
  const network = tryParseNetwork(address);
  return network === undefined ? `~${address}` : sortKey(network);
}
