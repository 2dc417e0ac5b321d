import { family, type IpNetwork, parseAddress, parseNetwork, sortKey } from '@bailiff/ip';

/** Ends of a range of addresses, both included. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * An address as an unsigned number.
 * @throws {InvalidAddressError} when it is none
 */
export function addressNumber(text: string): { family: 4 | 6; value: bigint } {
  const address = parseAddress(text);
  const version = family(address);
  // Sort keys are the family's digit, then the number in fixed-width hexadecimal.
  const digits = sortKey(address).slice(1, version === 4 ? 9 : 33);
  return { family: version, value: BigInt(`0x${digits}`) };
}

/** The fewest networks that cover exactly a range of addresses, in canonical text and order. */
export function networksOfRange({ family: version, first, last }: AddressRange): IpNetwork[] {
  const width = version === 4 ? 32 : 128;
  const networks: IpNetwork[] = [];
  for (let at = first; at <= last;) {
    let hostBits = 0;
    while (hostBits < width && isAligned(at, hostBits + 1) && at + (1n << BigInt(hostBits + 1)) - 1n <= last)
      hostBits++;
    networks.push(parseNetwork(`${addressText(version, at)}/${width - hostBits}`));
    at += 1n << BigInt(hostBits);
  }
  return networks;
}

const isAligned = (value: bigint, bits: number) => (value & ((1n << BigInt(bits)) - 1n)) === 0n;

/** An address from its number; valid text, not the canonical one. */
export function addressText(version: 4 | 6, value: bigint): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const hex = value.toString(16).padStart(32, '0');
  return (hex.match(/.{4}/g) ?? []).join(':');
}
