import { contains, type IpNetwork, tryParseAddress } from '@bailiff/ip';

/** A piece of a log line; `mark` says what it is when it is of interest. */
export interface LinePart {
  readonly text: string;
  readonly mark: 'address' | 'url' | null;
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly mark: 'address' | 'url';
}

/** Runs of characters that may be an address; `@bailiff/ip` decides which are. */
const CANDIDATE = /\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:.]*[\da-f:]/gi;
/** A line longer than this is shown unmarked at its end. */
const MAX_LOOKED_AT = 4_096;

/** Cuts a line so that every mention of the address (or of one inside the network), and the URL asked for, can be marked. */
export function markLine(line: string, network: IpNetwork, url: string | null): readonly LinePart[] {
  const ranges = [...addressRanges(line, network), ...urlRanges(line, url)].toSorted((a, b) => a.from - b.from);
  const parts: LinePart[] = [];
  let at = 0;
  for (const { from, to, mark } of ranges) {
    if (from < at) continue;
    if (from > at) parts.push({ text: line.slice(at, from), mark: null });
    parts.push({ text: line.slice(from, to), mark });
    at = to;
  }
  if (at < line.length || parts.length === 0) parts.push({ text: line.slice(at), mark: null });
  return parts;
}

function addressRanges(line: string, network: IpNetwork): Range[] {
  return [...line.slice(0, MAX_LOOKED_AT).matchAll(CANDIDATE)].flatMap(({ 0: text, index: from }) => {
    const to = from + text.length;
    // 192.0.2.1 is not part of 192.0.2.1.5, nor of 1192.0.2.1.
    if (/[\d.]$/.test(line.slice(0, from)) && /\d/.test(line.charAt(from - 1))) return [];
    if (/^(\d|\.\d)/.test(line.slice(to, to + 2))) return [];
    const address = tryParseAddress(text) ?? tryParseAddress(text.replace(/[:.]$/, ''));
    return address !== undefined && contains(network, address) ? [{ from, to, mark: 'address' as const }] : [];
  });
}

function urlRanges(line: string, url: string | null): Range[] {
  // "/" alone is everywhere and tells nothing.
  if (url === null || url.length < 2) return [];
  const from = line.indexOf(url);
  return from < 0 ? [] : [{ from, to: from + url.length, mark: 'url' }];
}
