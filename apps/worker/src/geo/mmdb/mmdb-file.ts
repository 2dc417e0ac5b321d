import type { GeoFact } from '@bailiff/contracts/http';
import { Reader, type Response } from 'maxmind';
import { addressNumber, addressText } from '../address-number.js';
import { type MmdbFacts, readMmdbRecord } from './mmdb-record.js';

/** Steps through the tree when looking what kind of facts a file holds. */
const SAMPLE_STEPS = 400;

/** An MMDB file in memory. */
export class MmdbFile {
  /** What its records hold; by its records, as every vendor names its files in a way of its own. */
  readonly facts: readonly GeoFact[];
  /** Type its maker gave it, e.g. `GeoLite2-City`. Untrusted text. */
  readonly type: string;
  readonly builtAt: Date;
  private readonly reader: Reader<Response>;

  /** @throws when the bytes are no whole MMDB file */
  constructor(
    readonly name: string,
    bytes: Buffer,
  ) {
    this.reader = new Reader(bytes);
    this.type = String(this.reader.metadata.databaseType).slice(0, 80);
    this.builtAt = this.reader.metadata.buildEpoch;
    const samples = [...this.sample('1.0.0.0'), ...(this.reader.metadata.ipVersion === 6 ? this.sample('2000::') : [])];
    this.facts = (['country', 'asn'] as const).filter((fact) => samples.some((record) => record[fact] !== null));
  }

  /** @throws when the file is damaged where the answer should be */
  find(address: string): MmdbFacts {
    // The library would take the first bits of an IPv6 address for an IPv4 one.
    const isInTree = this.reader.metadata.ipVersion === 6 || !address.includes(':');
    return readMmdbRecord(isInTree ? this.reader.get(address) : null);
  }

  /** Records along the tree, network after network. */
  private *sample(from: string): Generator<MmdbFacts> {
    const { family, value } = addressNumber(from);
    const width = family === 4 ? 32 : 128;
    const end = 1n << BigInt(width);
    for (let at = value, step = 0; at < end && step < SAMPLE_STEPS; step++) {
      const [record, prefix] = this.reader.getWithPrefixLength(addressText(family, at));
      if (record !== null) yield readMmdbRecord(record);
      const size = 1n << BigInt(width - Math.min(Math.max(prefix, 1), width));
      at = (at / size + 1n) * size;
    }
  }
}
