import { addressCount, tryParseNetwork } from '@bailiff/ip';

interface Words {
  addressCount(n: number): string;
  networkCount(n: number): string;
  networkOf(network: string, size: string): string;
  and(a: string, b: string): string;
}

const grouped = new Intl.NumberFormat('en');
/** From here on the exact number says less than its power of two. */
const READABLE = 10_000_000n;

/** Addresses that a network covers, for people: `65,536`, `2^64`. */
export function networkSize(network: string): string {
  const parsed = tryParseNetwork(network);
  const size = parsed === undefined ? 0n : addressCount(parsed);
  if (size < READABLE) return grouped.format(size);
  return `2^${size.toString(2).length - 1}`;
}

/** What is about to be banned, in words: a single network by name and size, everything else by number. */
export function targetsText(targets: readonly string[], words: Words): string {
  const networks = targets.filter((target) => networkSize(target) !== '1');
  const [network] = networks;
  if (networks.length === 1 && network !== undefined && targets.length === 1)
    return words.networkOf(network, networkSize(network));
  const addresses = targets.length - networks.length;
  if (networks.length === 0) return words.addressCount(Math.max(1, addresses));
  const named = words.networkCount(networks.length);
  return addresses === 0 ? named : words.and(words.addressCount(addresses), named);
}
