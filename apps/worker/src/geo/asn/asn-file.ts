import type { AsnRange } from './asn-range.js';

/**
 * The compact file: 16 bytes (magic, format, length of the header), a JSON header, then arrays of little-endian numbers, each
 * beginning at a multiple of eight. Addresses of IPv6 are kept by their upper 64 bits; the few ranges that end inside a /64 are
 * kept apart with all 128.
 */
export const ASN_FILE_MAGIC = 0x4e_53_41_42;
export const ASN_FILE_FORMAT = 1;
export const ASN_FILE_PREAMBLE = 16;

/** First bytes of each array, and what they were made from. */
export interface AsnFileHeader {
  readonly source: AsnSource;
  readonly counts: { readonly v4: number; readonly v6: number; readonly narrow: number; readonly names: number };
  readonly nameBytes: number;
}

/** The package a file was made from. */
export interface AsnSource {
  readonly name: string;
  readonly version: string;
  /** RFC 3339 date. */
  readonly builtAt: string | null;
}

const LOW_64 = (1n << 64n) - 1n;
/** Longest name kept, bytes: whoever registers a network chooses it. */
const NAME_BYTES = 120;

/** Where the arrays of a file begin, bytes from the end of the header. */
export function asnFileLayout({ counts, nameBytes }: AsnFileHeader) {
  let offset = 0;
  const take = (bytes: number): number => {
    const at = offset;
    offset = Math.ceil((offset + bytes) / 8) * 8;
    return at;
  };
  return {
    v6First: take(counts.v6 * 8),
    v6Last: take(counts.v6 * 8),
    narrow: take(counts.narrow * 32),
    v4First: take(counts.v4 * 4),
    v4Last: take(counts.v4 * 4),
    v4Asn: take(counts.v4 * 4),
    v6Asn: take(counts.v6 * 4),
    narrowAsn: take(counts.narrow * 4),
    nameAsn: take(counts.names * 4),
    nameEnd: take(counts.names * 4),
    names: take(nameBytes),
    total: offset,
  };
}

/** Packs ranges, each list in order of address, into a compact file. */
export function encodeAsnFile(source: AsnSource, v4: readonly AsnRange[], v6: readonly AsnRange[]): Buffer {
  const wide = v6.filter((range) => !isNarrow(range));
  const narrow = v6.filter(isNarrow);
  const names = nameTable([...v4, ...v6]);
  const header: AsnFileHeader = {
    source,
    counts: { v4: v4.length, v6: wide.length, narrow: narrow.length, names: names.length },
    nameBytes: names.reduce((sum, { bytes }) => sum + bytes.length, 0),
  };
  const json = Buffer.from(JSON.stringify(header));
  const start = Math.ceil((ASN_FILE_PREAMBLE + json.length) / 8) * 8;
  const at = asnFileLayout(header);
  const file = Buffer.alloc(start + at.total);
  file.writeUInt32LE(ASN_FILE_MAGIC, 0);
  file.writeUInt32LE(ASN_FILE_FORMAT, 4);
  file.writeUInt32LE(json.length, 8);
  json.copy(file, ASN_FILE_PREAMBLE);
  v4.forEach(({ first, last, asn }, i) => {
    file.writeUInt32LE(Number(first), start + at.v4First + i * 4);
    file.writeUInt32LE(Number(last), start + at.v4Last + i * 4);
    file.writeUInt32LE(asn, start + at.v4Asn + i * 4);
  });
  wide.forEach(({ first, last, asn }, i) => {
    file.writeBigUInt64LE(first >> 64n, start + at.v6First + i * 8);
    file.writeBigUInt64LE(last >> 64n, start + at.v6Last + i * 8);
    file.writeUInt32LE(asn, start + at.v6Asn + i * 4);
  });
  narrow.forEach(({ first, last, asn }, i) => {
    [first >> 64n, first & LOW_64, last >> 64n, last & LOW_64].forEach((word, part) =>
      file.writeBigUInt64LE(word, start + at.narrow + i * 32 + part * 8),
    );
    file.writeUInt32LE(asn, start + at.narrowAsn + i * 4);
  });
  let nameEnd = 0;
  names.forEach(({ asn, bytes }, i) => {
    bytes.copy(file, start + at.names + nameEnd);
    nameEnd += bytes.length;
    file.writeUInt32LE(asn, start + at.nameAsn + i * 4);
    file.writeUInt32LE(nameEnd, start + at.nameEnd + i * 4);
  });
  return file;
}

function isNarrow({ first, last }: AsnRange): boolean {
  return (first & LOW_64) !== 0n || (last & LOW_64) !== LOW_64;
}

/** Each number's name once, by number. */
function nameTable(ranges: readonly AsnRange[]): { asn: number; bytes: Buffer }[] {
  const byAsn = new Map<number, string>();
  for (const { asn, name } of ranges) if (name !== '' && !byAsn.has(asn)) byAsn.set(asn, name);
  return Array.from(byAsn, ([asn, name]) => ({ asn, bytes: shortened(name) })).sort((a, b) => a.asn - b.asn);
}

function shortened(name: string): Buffer {
  const bytes = Buffer.from(name);
  if (bytes.length <= NAME_BYTES) return bytes;
  // A cut inside a character decodes to a replacement character, which is dropped.
  return Buffer.from(bytes.subarray(0, NAME_BYTES).toString().replace(/�+$/, ''));
}
