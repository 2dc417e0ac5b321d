import {
  bitsContain,
  compareBits,
  hexOf,
  lastOf,
  maskFirst,
  sizeOf,
  widthOf,
  type IpFamily,
  type NetworkBits,
} from './bits.js';
import { bitsOf, formatBits, type IpNetwork } from './parse.js';

/** 4 or 6. */
export function family(value: IpNetwork): IpFamily {
  return value.includes(':') ? 6 : 4;
}

/** Length of the prefix in bits; 32 or 128 for a single address. */
export function prefixLength(value: IpNetwork): number {
  const slash = value.indexOf('/');
  return slash < 0 ? widthOf(family(value)) : Number(value.slice(slash + 1));
}

/** Number of addresses covered, 1 to 2^128. */
export function addressCount(value: IpNetwork): bigint {
  return sizeOf({ family: family(value), prefix: prefixLength(value) });
}

/** Negative, zero or positive: IPv4 before IPv6, then by number, then wider before narrower. */
export function compareNetworks(a: IpNetwork, b: IpNetwork): number {
  return a === b ? 0 : compareBits(bitsOf(a), bitsOf(b));
}

/** Whether every address of `inner` belongs to `outer`. */
export function contains(outer: IpNetwork, inner: IpNetwork): boolean {
  return outer === inner || bitsContain(bitsOf(outer), bitsOf(inner));
}

/** Whether the two share at least one address. */
export function overlaps(a: IpNetwork, b: IpNetwork): boolean {
  if (a === b) return true;
  const left = bitsOf(a);
  const right = bitsOf(b);
  return bitsContain(left, right) || bitsContain(right, left);
}

/**
 * Text that sorts, byte by byte, exactly as {@link compareNetworks} does. For a database column: family digit,
 * first address in fixed-width hexadecimal (8 or 32 digits), prefix length in two hexadecimal digits.
 */
export function sortKey(value: IpNetwork): string {
  return keyOf(bitsOf(value));
}

/** The network that a {@link sortKey} is of; undefined when it is none. */
export function networkOfKey(key: string): IpNetwork | undefined {
  const match = /^(?:4([0-9a-f]{8})|6([0-9a-f]{32}))([0-9a-f]{2})$/.exec(key);
  if (match === null) return undefined;
  const [, four, six = '', prefix = ''] = match;
  const version = four === undefined ? 6 : 4;
  const bits = { family: version, first: BigInt(`0x${four ?? six}`), prefix: Number.parseInt(prefix, 16) } as const;
  if (bits.prefix > widthOf(version) || maskFirst(bits.first, version, bits.prefix) !== bits.first) return undefined;
  return formatBits(bits);
}

/** Sort keys between which, both ends included, lies exactly everything inside a network. */
export interface NetworkRange {
  readonly first: string;
  readonly last: string;
}

/** Range for `sort_key BETWEEN first AND last`: the network itself and every address and network inside it. */
export function networkRange(value: IpNetwork): NetworkRange {
  const bits = bitsOf(value);
  const width = widthOf(bits.family);
  return { first: keyOf(bits), last: keyOf({ family: bits.family, first: lastOf(bits), prefix: width }) };
}

/** Sort keys of the network and of every network around it (at most 33 or 129): for `sort_key IN (…)`. */
export function coveringKeys(value: IpNetwork): string[] {
  const bits = bitsOf(value);
  return Array.from({ length: bits.prefix + 1 }, (_, prefix) =>
    keyOf({ family: bits.family, first: maskFirst(bits.first, bits.family, prefix), prefix }),
  );
}

/** A network as networks of a longer prefix, in order, one by one: there may be very many. One as narrow comes as it is. */
export function* subnetsOf(value: IpNetwork, prefix: number): Generator<IpNetwork> {
  const bits = bitsOf(value);
  if (bits.prefix >= prefix) {
    yield value;
    return;
  }
  const step = sizeOf({ family: bits.family, prefix });
  const last = lastOf(bits);
  for (let first = bits.first; first <= last; first += step) yield formatBits({ family: bits.family, first, prefix });
}

/** The shortest list of networks that covers exactly the same addresses, sorted. */
export function aggregate(networks: Iterable<IpNetwork>): IpNetwork[] {
  return aggregateBits(Array.from(networks, bitsOf)).map(formatBits);
}

/** {@link aggregate} on numbers. */
export function aggregateBits(networks: readonly NetworkBits[]): NetworkBits[] {
  const merged: NetworkBits[] = [];
  for (const next of networks.toSorted(compareBits)) {
    const last = merged.at(-1);
    if (last !== undefined && bitsContain(last, next)) continue;
    merged.push(next);
    while (mergeTail(merged));
  }
  return merged;
}

/** Replaces the last two by their parent when they are its two halves. */
function mergeTail(merged: NetworkBits[]): boolean {
  const right = merged.at(-1);
  const left = merged.at(-2);
  if (left === undefined || right === undefined) return false;
  if (left.family !== right.family || left.prefix !== right.prefix || left.prefix === 0) return false;
  const parent = { family: left.family, first: left.first, prefix: left.prefix - 1 };
  if (maskFirst(left.first, left.family, parent.prefix) !== left.first || !bitsContain(parent, right)) return false;
  merged.splice(-2, 2, parent);
  return true;
}

function keyOf({ family: version, first, prefix }: NetworkBits): string {
  return `${version}${hexOf(first, version)}${prefix.toString(16).padStart(2, '0')}`;
}
