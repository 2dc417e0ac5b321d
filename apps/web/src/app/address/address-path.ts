import { tryParseNetwork } from '@bailiff/ip';

/**
 * Path of the page about an address or network, undefined for a ban id that is neither. A network's prefix is a segment of its own,
 * because proxies do not agree on what an encoded slash means.
 */
export function addressPath(text: string): readonly string[] | undefined {
  const network = tryParseNetwork(text);
  return network === undefined ? undefined : ['/addresses', ...network.split('/')];
}
