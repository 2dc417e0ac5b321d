import { endianness } from 'node:os';
import { readFileSync } from 'node:fs';
import { addressNumber, type AddressRange } from '../address-number.js';
import { ASN_FILE_FORMAT, ASN_FILE_MAGIC, ASN_FILE_PREAMBLE, asnFileLayout, type AsnFileHeader } from './asn-file.js';

/** The compact file is missing, cut off or of another format. */
export class AsnFileError extends Error {
  readonly code = 'geo/asn-file-unreadable';
  readonly kind = 'operational';
}

const LOW_64 = (1n << 64n) - 1n;

/** Which autonomous system announces an address. Holds the file as it is: 11 MB, a lookup takes well under a microsecond. */
export class AsnTable {
  private constructor(
    readonly header: AsnFileHeader,
    private readonly v4: { first: Uint32Array; last: Uint32Array; asn: Uint32Array },
    private readonly v6: { first: BigUint64Array; last: BigUint64Array; asn: Uint32Array },
    private readonly narrow: readonly (AddressRange & { readonly asn: number })[],
    private readonly names: { asn: Uint32Array; end: Uint32Array; text: Buffer },
  ) {}

  /** @throws {AsnFileError} */
  static open(path: string): AsnTable {
    try {
      return AsnTable.read(readFileSync(path));
    } catch (error) {
      if (error instanceof AsnFileError) throw error;
      throw new AsnFileError('the file of AS numbers is missing', { cause: error });
    }
  }

  /** @throws {AsnFileError} */
  static read(file: Buffer): AsnTable {
    if (endianness() !== 'LE') throw new AsnFileError('only little-endian machines can read the file of AS numbers');
    const length = file.length < ASN_FILE_PREAMBLE ? 0 : file.readUInt32LE(8);
    const isOurs = length > 0 && file.readUInt32LE(0) === ASN_FILE_MAGIC && file.readUInt32LE(4) === ASN_FILE_FORMAT;
    const start = Math.ceil((ASN_FILE_PREAMBLE + length) / 8) * 8;
    if (!isOurs || file.length < start) throw new AsnFileError('not a file of AS numbers');
    const header = JSON.parse(file.toString('utf8', ASN_FILE_PREAMBLE, ASN_FILE_PREAMBLE + length)) as AsnFileHeader;
    const { counts, nameBytes } = header;
    const at = asnFileLayout(header);
    if (file.length !== start + at.total) throw new AsnFileError('the file of AS numbers is cut off');
    // Typed arrays begin at multiples of their size in memory, and a small file may lie anywhere in a shared pool.
    const { buffer, byteOffset } = file.byteOffset % 8 === 0 ? file : Buffer.from(new Uint8Array(file).buffer);
    const words = (offset: number, count: number) => new Uint32Array(buffer, byteOffset + start + offset, count);
    const longs = (offset: number, count: number) => new BigUint64Array(buffer, byteOffset + start + offset, count);
    return new AsnTable(
      header,
      { first: words(at.v4First, counts.v4), last: words(at.v4Last, counts.v4), asn: words(at.v4Asn, counts.v4) },
      { first: longs(at.v6First, counts.v6), last: longs(at.v6Last, counts.v6), asn: words(at.v6Asn, counts.v6) },
      readNarrow(longs(at.narrow, counts.narrow * 4), words(at.narrowAsn, counts.narrow)),
      {
        asn: words(at.nameAsn, counts.names),
        end: words(at.nameEnd, counts.names),
        text: Buffer.from(buffer, byteOffset + start + at.names, nameBytes),
      },
    );
  }

  /** Ranges held. */
  get entries(): number {
    const { v4, v6, narrow } = this.header.counts;
    return v4 + v6 + narrow;
  }

  /** Number of the system that announces a canonical address, or null. */
  asnOf(address: string): number | null {
    const { family, value } = addressNumber(address);
    if (family === 4) return within(this.v4.first, this.v4.last, this.v4.asn, Number(value));
    return this.narrowAsn(value) ?? within(this.v6.first, this.v6.last, this.v6.asn, value >> 64n);
  }

  /** Name its holder registered, or null. Untrusted text. */
  nameOf(asn: number): string | null {
    const { asn: numbers, end, text } = this.names;
    const index = lastAtOrBefore(numbers, asn);
    if (index < 0 || numbers[index] !== asn) return null;
    return text.toString('utf8', index === 0 ? 0 : end[index - 1], end[index]);
  }

  /** Every range a system announces, IPv4 first. A walk over the whole table: about a millisecond. */
  *rangesOf(asn: number): Generator<AddressRange> {
    const { v4, v6, narrow } = this;
    for (let i = v4.asn.indexOf(asn); i >= 0; i = v4.asn.indexOf(asn, i + 1))
      yield { family: 4, first: BigInt(v4.first[i] ?? 0), last: BigInt(v4.last[i] ?? 0) };
    for (let i = v6.asn.indexOf(asn); i >= 0; i = v6.asn.indexOf(asn, i + 1))
      yield { family: 6, first: (v6.first[i] ?? 0n) << 64n, last: ((v6.last[i] ?? 0n) << 64n) | LOW_64 };
    for (const range of narrow) if (range.asn === asn) yield range;
  }

  /** Some hundred at most: a walk is quick. */
  private narrowAsn(value: bigint): number | null {
    return this.narrow.find(({ first, last }) => first <= value && value <= last)?.asn ?? null;
  }
}

function readNarrow(words: BigUint64Array, asn: Uint32Array): (AddressRange & { asn: number })[] {
  const word = (index: number) => words[index] ?? 0n;
  return Array.from(asn, (number, i) => ({
    family: 6,
    first: (word(i * 4) << 64n) | word(i * 4 + 1),
    last: (word(i * 4 + 2) << 64n) | word(i * 4 + 3),
    asn: number,
  }));
}

type Sorted<T> = Readonly<Record<number, T>> & { readonly length: number };

function within<T extends number | bigint>(
  first: Sorted<T>,
  last: Sorted<T>,
  asn: Uint32Array,
  value: T,
): number | null {
  const index = lastAtOrBefore(first, value);
  const end = last[index];
  return end !== undefined && value <= end ? (asn[index] ?? null) : null;
}

function lastAtOrBefore<T extends number | bigint>(sorted: Sorted<T>, value: T): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
