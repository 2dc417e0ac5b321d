import ipaddr from 'ipaddr.js';

/** Internet Protocol version. */
export type IpFamily = 4 | 6;

/** A network as numbers: first address as an unsigned integer, length of its prefix in bits. */
export interface NetworkBits {
  readonly family: IpFamily;
  readonly first: bigint;
  readonly prefix: number;
}

/** Bits of an address of the family. */
export function widthOf(family: IpFamily): number {
  return family === 4 ? 32 : 128;
}

/** Number of addresses below a prefix. */
export function sizeOf({ family, prefix }: Pick<NetworkBits, 'family' | 'prefix'>): bigint {
  return 1n << BigInt(widthOf(family) - prefix);
}

/** Last address of a network, as an unsigned integer. */
export function lastOf(bits: NetworkBits): bigint {
  return bits.first + sizeOf(bits) - 1n;
}

/** Clears the bits of an address that lie behind the prefix. */
export function maskFirst(address: bigint, family: IpFamily, prefix: number): bigint {
  const hostBits = BigInt(widthOf(family) - prefix);
  return (address >> hostBits) << hostBits;
}

/** Orders by family, then by first address, then wider before narrower. */
export function compareBits(a: NetworkBits, b: NetworkBits): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.prefix - b.prefix;
}

/** Whether every address of `inner` belongs to `outer`. */
export function bitsContain(outer: NetworkBits, inner: NetworkBits): boolean {
  return (
    outer.family === inner.family &&
    outer.prefix <= inner.prefix &&
    maskFirst(inner.first, outer.family, outer.prefix) === outer.first
  );
}

/** Big-endian bytes as an unsigned integer. */
export function integerFromBytes(bytes: readonly number[]): bigint {
  let hex = '0x';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

/** Canonical text of one address (RFC 5952 for IPv6). */
export function addressText(address: bigint, family: IpFamily): string {
  if (family === 4) {
    const value = Number(address);
    return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
  }
  const hex = hexOf(address, family);
  const bytes: number[] = [];
  for (let i = 0; i < hex.length; i += 2) bytes.push(Number.parseInt(hex.slice(i, i + 2), 16));
  return new ipaddr.IPv6(bytes).toRFC5952String();
}

/** Fixed-width lower-case hexadecimal digits of an address. */
export function hexOf(address: bigint, family: IpFamily): string {
  return address.toString(16).padStart(widthOf(family) / 4, '0');
}
