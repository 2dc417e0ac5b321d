import { tryParseNetwork, type IpNetwork } from '@bailiff/ip';

/** What one line of a list says. */
export type LineReading =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'entry'; readonly network: IpNetwork }
  | { readonly kind: 'fault'; readonly detail: string };

const NOTHING: LineReading = { kind: 'nothing' };
/** Longer lines are no list of addresses. */
const MAX_LINE = 2_000;
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
  const cell = words[0] === 'add' || words[0] === '-A' ? (words[2] ?? '') : firstCell(line);
  const network = tryParseNetwork(cell);
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
  if (/^[\d.]+-[\d.]+$/.test(cell)) return 'A range; write it as networks such as 192.0.2.0/24';
  const [address, prefix] = cell.split('/', 2);
  if (prefix !== undefined && tryParseNetwork(address ?? '') !== undefined) return 'The prefix length is not right';
  if (/^\d+\.\d+\.\d+\.\d+$/.test(address ?? ''))
    return /(^|\.)0\d/.test(address ?? '')
      ? 'Leading zeros: nobody knows which address is meant'
      : 'A part is above 255';
  if (/^\[.*\]/.test(cell)) return 'Brackets; write the address alone';
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(cell) && /[a-z]/i.test(cell)) return 'A name, not an address';
  return 'Not an IPv4 or IPv6 address or network';
}
