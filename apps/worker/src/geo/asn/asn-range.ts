/** Addresses that one autonomous system announces, both ends included. */
export interface AsnRange {
  readonly first: bigint;
  readonly last: bigint;
  readonly asn: number;
  readonly name: string;
}

/** `first,last,number,name` with addresses as decimal numbers; the name is quoted when it must be. */
const LINE = /^(\d+),(\d+),(\d+),(?:"((?:[^"]|"")*)"|(.*))$/;

/** A line of the source that is none of its own kind: another layout, which must not be guessed at. */
export class AsnSourceError extends Error {
  readonly code = 'geo/asn-source-unreadable';
  readonly kind = 'bug';
}

/**
 * Reads ip-location-db's `…-num.csv`.
 * @throws {AsnSourceError} when a line has another form
 */
export function* readAsnCsv(text: string): Generator<AsnRange> {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? text.length : end).trimEnd();
    start = end < 0 ? text.length : end + 1;
    if (line === '') continue;
    const [, first, last, asn, quoted, plain] = LINE.exec(line) ?? [];
    if (first === undefined || last === undefined)
      throw new AsnSourceError(`not a line of an AS number list: ${line.slice(0, 80)}`);
    const name = quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"');
    yield { first: BigInt(first), last: BigInt(last), asn: Number(asn), name };
  }
}
