import { addressCount, tryParseNetwork } from '@bailiff/ip';

export interface AddressList {
  /** Canonical, each once, in the order given. */
  readonly addresses: readonly string[];
  readonly invalid: readonly string[];
  /** Those that are networks of more than one address. */
  readonly networks: readonly string[];
}

/** Reads addresses and networks as people paste them: by lines, spaces, commas or semicolons. */
export function readAddresses(text: string): AddressList {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const parsed = words.map((word) => ({ word, network: tryParseNetwork(word) }));
  const valid = parsed.flatMap(({ network }) => network ?? []);
  return {
    addresses: [...new Set(valid)],
    invalid: parsed.flatMap(({ word, network }) => (network === undefined ? [word] : [])),
    networks: [...new Set(valid.filter((network) => addressCount(network) > 1n))],
  };
}
