import { tryParseNetwork, type IpNetwork } from '@bailiff/ip';

/** What one line of a list says. */
export type LineReading =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'entry'; readonly network: IpNetwork }
  | { readonly kind: 'fault'; readonly detail: string };

const RANGE = 'A range; write it as networks such as 192.0.2.0/24';
const MASK = 'A network with its mask; write it as 192.0.2.0/24';
const NOTHING: LineReading = { kind: 'nothing' };
/** Longer lines are no list of addresses. */
export const MAX_LINE = 2_000;
/** Second words that make something else of an address than itself. */
const UPPER_END = /^\s*(?:-|–|\.\.)\s*[\da-f.:]*[.:]/i;
const NETMASK = /^[\s/]+(?:255|254|252|248|240|224|192|128|0)(?:\.(?:255|254|252|248|240|224|192|128|0)){3}(?![\d.])/;
/** First cells of a CSV file's head line. */
const HEADS = new Set([
  'ip',
  'ips',
  'address',
  'addresses',
  'network',
  'cidr',
  'ip_address',
  'ipaddress',
  'ip address',
  'source',
  'src_ip',
]);

/**
 * Reads one line: an address or network, alone, in the first column of CSV (`,` `;` tab or blank), or in ipset's `add SET …`.
 * Comments begin with `#`, `;` or `//`; behind an address everything else is one.
 * @param isFirst whether no line before it said anything: a CSV head may stand there
 */
export function readListLine(raw: string, isFirst: boolean): LineReading {
  if (raw.length > MAX_LINE) return { kind: 'fault', detail: `The line is longer than ${MAX_LINE} characters` };
  const line = raw.trim();
  if (line === '' || line.startsWith('#') || line.startsWith(';') || line.startsWith('//')) return NOTHING;
  const words = line.split(/\s+/);
  // ipset save: `create NAME hash:net …`, `add NAME 192.0.2.0/24 timeout 0`, and its end mark.
  if ((words[0] === 'create' || words[0] === 'flush') && words.length > 1) return NOTHING;
  if (words[0] === 'COMMIT') return NOTHING;
  const isOfSet = words[0] === 'add' || words[0] === '-A';
  if (isOfSet && words.includes('nomatch')) return { kind: 'fault', detail: 'An exception of the set (nomatch)' };
  const cell = isOfSet ? (words[2] ?? '') : firstCell(line);
  const network = tryParseNetwork(cell);
  const behind = isOfSet ? '' : line.slice(line.indexOf(cell) + cell.length);
  if (network !== undefined && UPPER_END.test(behind)) return { kind: 'fault', detail: RANGE };
  if (network !== undefined && NETMASK.test(behind)) return { kind: 'fault', detail: MASK };
  if (network !== undefined) return { kind: 'entry', network };
  if (isFirst && HEADS.has(firstCell(line).toLowerCase())) return NOTHING;
  return { kind: 'fault', detail: whyNot(cell) };
}

function firstCell(line: string): string {
  const quoted = /^"([^"]*)"|^'([^']*)'/.exec(line);
  if (quoted !== null) return (quoted[1] ?? quoted[2] ?? '').trim();
  return line.split(/[\s,;#]/, 1)[0] ?? '';
}

function whyNot(cell: string): string {
  if (cell === '') return 'There is no address in the first column';
  if (/^[\da-f.:]+[-–][\da-f.:]+$/i.test(cell) && /[.:]/.test(cell)) return RANGE;
  if (/%/.test(cell) && tryParseNetwork(cell.replace(/%[^/]*/, '')) !== undefined)
    return 'A zone (%) holds on one machine only; write the address alone';
  const [address, prefix] = cell.split('/', 2);
  if (NETMASK.test(cell.slice(address?.length ?? 0))) return MASK;
  if (prefix !== undefined && tryParseNetwork(address ?? '') !== undefined) return 'The prefix length is not right';
  if (/^\d+\.\d+\.\d+\.\d+$/.test(address ?? ''))
    return /(^|\.)0\d/.test(address ?? '')
      ? 'Leading zeros: nobody knows which address is meant'
      : 'A part is above 255';
  if (/^\[.*\]/.test(cell)) return 'Brackets; write the address alone';
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(cell) && /[a-z]/i.test(cell)) return 'A name, not an address';
  return 'Not an IPv4 or IPv6 address or network';
}
