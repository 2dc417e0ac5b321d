import { tryParseAddress } from '@bailiff/ip';
import { parse } from 'tldts';
import type { LineFacts } from './ticket-facts.js';
import { consistsOf, isDigit, isNameCharacter } from './text/line-scanner.js';

export type Target = Pick<LineFacts, 'targetHost' | 'targetDomain' | 'targetSubdomain'>;

/** Longest name DNS allows. */
const MAX_HOST = 253;
const MAX_LABEL = 63;
/** Name, port and brackets; anything longer is no host. */
const MAX_TEXT = 300;
const MAX_SCHEME = 32;

/**
 * Reads the site out of a `Host` header, a virtual host or the authority of a URL, with or without port. What is none (`-`, `_`,
 * nonsense) gives nothing.
 */
export function readTarget(text: string | undefined): Target {
  if (text === undefined || text.length > MAX_TEXT) return {};
  const host = withoutPort(text.trim());
  const address = tryParseAddress(host);
  if (address !== undefined) return { targetHost: address };
  const name = asciiName(host);
  return name === undefined ? {} : { targetHost: name, ...domainsOf(name) };
}

/** The host (and port) in an absolute URL: what stands between `//` and the path, without user and password. */
export function authorityOf(url: string): string | undefined {
  const start = url.slice(0, MAX_SCHEME + 3).indexOf('://');
  if (start < 0 || !consistsOf(url.slice(0, start), isNameCharacter)) return undefined;
  let end = start + 3;
  while (end < url.length && !'/?#\\'.includes(url.charAt(end))) end += 1;
  const authority = url.slice(start + 3, end);
  return authority.slice(authority.lastIndexOf('@') + 1);
}

function withoutPort(text: string): string {
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    const inner = text.slice(1, close);
    return close > 0 && isPort(text.slice(close + 1)) && inner.includes(':') ? inner : '';
  }
  const colon = text.lastIndexOf(':');
  // More than one colon: an IPv6 address without brackets, all of it.
  return colon < 0 || text.indexOf(':') !== colon || !isPort(text.slice(colon)) ? text : text.slice(0, colon);
}

/** Whether a text is nothing or `:` with at most five digits. */
function isPort(text: string): boolean {
  return (
    text === '' || text === ':' || (text.length <= 6 && text.startsWith(':') && consistsOf(text.slice(1), isDigit))
  );
}

/** A name in lower case and ASCII without its final dot; undefined when it can not be one. */
function asciiName(text: string): string | undefined {
  const dotted = text.endsWith('.') ? text.slice(0, -1) : text;
  const name = isAscii(dotted) ? dotted.toLowerCase() : punycode(dotted);
  if (name === undefined || name.length > MAX_HOST) return undefined;
  const isName = name.split('.').every((label) => label.length <= MAX_LABEL && consistsOf(label, isNameCharacter));
  // `_` is what nginx configurations call "any name", and a name without a letter or digit is nobody's.
  return isName && /[a-z0-9]/.test(name) ? name : undefined;
}

function isAscii(text: string): boolean {
  return consistsOf(text, (code) => code > 0x20 && code < 0x7f);
}

/** International names have one ASCII form: `bücher.example` and its punycode are one site, and look-alikes show. */
function punycode(text: string): string | undefined {
  const isPlain = consistsOf(text, (code) => code >= 0x80 || code === 0x2e || isNameCharacter(code));
  const url = isPlain ? URL.parse(`http://${text}/`) : null;
  return url === null || tryParseAddress(url.hostname) !== undefined ? undefined : url.hostname;
}

function domainsOf(name: string): Target {
  // The list's default rule would take "2.3" of "1.2.3" for a domain.
  if (consistsOf(name.slice(name.lastIndexOf('.') + 1), isDigit)) return {};
  const { domain, subdomain } = parse(name, {
    // One dynamic-DNS or hosting customer is not the other: `me.duckdns.org` is a domain, `duckdns.org` is not.
    allowPrivateDomains: true,
    detectIp: false,
    extractHostname: false,
    validateHostname: false,
  });
  if (domain === null || domain === '') return {};
  return { targetDomain: domain, ...(subdomain ? { targetSubdomain: subdomain } : {}) };
}
