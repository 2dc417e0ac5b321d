import ipaddr from 'ipaddr.js';
import { addressText, integerFromBytes, maskFirst, widthOf, type IpFamily, type NetworkBits } from './bits.js';
import { InvalidAddressError } from './invalid-address.error.js';

declare const network: unique symbol;
declare const address: unique symbol;

/**
 * Canonical text of an address or network: RFC 5952 for IPv6, IPv4-mapped IPv6 as IPv4, host bits cleared,
 * a full-length prefix dropped. Two networks are the same exactly when their texts are equal.
 */
export type IpNetwork = string & { readonly [network]: true };

/** An {@link IpNetwork} of exactly one address: canonical text without a prefix. */
export type IpAddress = IpNetwork & { readonly [address]: true };

// Longest legal text: eight groups of four with an IPv4 tail and "/128".
const MAX_TEXT = 50;
// 0 to 999 without leading zeros; the family narrows it further.
const PREFIX = /^(?:0|[1-9]\d{0,2})$/;

/**
 * Reads one address. No spaces, leading zeros, octal or hexadecimal IPv4, short IPv4, brackets or zone ids.
 * @throws {InvalidAddressError} for anything else, a network with a prefix included
 */
export function parseAddress(text: string): IpAddress {
  return tryParseAddress(text) ?? fail(text);
}

/**
 * Reads one address or CIDR network and brings it into canonical form; host bits are cleared.
 * @throws {InvalidAddressError} for anything that is not strictly an address or `address/prefix`
 */
export function parseNetwork(text: string): IpNetwork {
  return tryParseNetwork(text) ?? fail(text);
}

/** Like {@link parseAddress}, but undefined instead of an error. */
export function tryParseAddress(text: string): IpAddress | undefined {
  const bits = text.includes('/') ? undefined : readBits(text);
  return bits === undefined ? undefined : (formatBits(bits) as IpAddress);
}

/** Like {@link parseNetwork}, but undefined instead of an error. */
export function tryParseNetwork(text: string): IpNetwork | undefined {
  const bits = readBits(text);
  return bits === undefined ? undefined : formatBits(bits);
}

/** Whether a network is a single address. */
export function isAddress(value: IpNetwork): value is IpAddress {
  return !value.includes('/');
}

/** Canonical text of numbers that already are a network (host bits clear). */
export function formatBits({ family, first, prefix }: NetworkBits): IpNetwork {
  const text = addressText(first, family);
  return (prefix === widthOf(family) ? text : `${text}/${prefix}`) as IpNetwork;
}

/**
 * Numbers behind a canonical text.
 * @throws {InvalidAddressError} when the value was branded without being parsed
 */
export function bitsOf(value: IpNetwork): NetworkBits {
  return readBits(value) ?? fail(value);
}

function fail(text: string): never {
  throw new InvalidAddressError(text);
}

function readBits(text: string): NetworkBits | undefined {
  // Callers in JSON and class-validator may hand over anything.
  if (typeof text !== 'string' || text.length === 0 || text.length > MAX_TEXT) return undefined;
  const slash = text.indexOf('/');
  const address = readAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const width = widthOf(address.family);
  if (slash < 0) return unmap({ family: address.family, first: address.value, prefix: width });
  const digits = text.slice(slash + 1);
  if (!PREFIX.test(digits)) return undefined;
  const prefix = Number(digits);
  if (prefix > width) return undefined;
  // Unmapped before masking: a prefix shorter than the mapping would silently widen to all of IPv4.
  const unmapped = unmap({ family: address.family, first: address.value, prefix });
  if (unmapped === undefined) return undefined;
  return { ...unmapped, first: maskFirst(unmapped.first, unmapped.family, unmapped.prefix) };
}

function readAddress(text: string): { family: IpFamily; value: bigint } | undefined {
  if (!text.includes(':')) {
    const value = readIpv4(text);
    return value === undefined ? undefined : { family: 4, value: BigInt(value) };
  }
  if (text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  if (text.includes('.') && readIpv4(text.slice(text.lastIndexOf(':') + 1)) === undefined) return undefined;
  return { family: 6, value: integerFromBytes(ipaddr.IPv6.parse(text).toByteArray()) };
}

const [DOT, ZERO, NINE] = [0x2e, 0x30, 0x39];

/**
 * Four decimal parts without leading zeros, as an unsigned integer. By hand: archives and lists hold millions of these, and
 * ipaddr.js takes several expressions for each, for octal, hexadecimal and short forms besides.
 */
function readIpv4(text: string): number | undefined {
  let [value, part, digits, parts] = [0, 0, 0, 0];
  for (let i = 0; i <= text.length; i += 1) {
    const code = i === text.length ? DOT : text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || part > 255) return undefined;
      value = value * 256 + part;
      parts += 1;
      [part, digits] = [0, 0];
    } else if (code < ZERO || code > NINE || digits === 3 || (digits > 0 && part === 0)) {
      return undefined;
    } else {
      part = part * 10 + code - ZERO;
      digits += 1;
    }
  }
  return parts === 4 ? value : undefined;
}

const MAPPED_TAG = 0xffffn;

/** IPv4-mapped IPv6 becomes IPv4, as fail2ban itself stores it; undefined when the prefix cuts into the mapping. */
function unmap(bits: NetworkBits): NetworkBits | undefined {
  if (bits.family === 4 || bits.first >> 32n !== MAPPED_TAG) return bits;
  if (bits.prefix < 96) return undefined;
  return { family: 4, first: bits.first & 0xffff_ffffn, prefix: bits.prefix - 96 };
}
