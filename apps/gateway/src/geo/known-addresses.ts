import type { GeoAddress } from '@bailiff/persistence';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { LiveFeed } from '../live/live-feed.js';
import { AddressCache, isStale, type KnownAddress } from './address-cache.js';
import { AsNames } from './as-names.js';
import { readGeoResult, rirFrom } from './geo-result.js';
import { isPublicAddress } from './public-address.js';

/** Unresolved addresses taken up again at start and hourly. */
const MISSING_LIMIT = 10_000;

/** What is known of addresses: memory first, then the database. */
@Injectable()
export class KnownAddresses {
  private readonly cache = new AddressCache();

  constructor(
    private readonly database: Database,
    private readonly names: AsNames,
    private readonly feed: LiveFeed,
  ) {}

  /** Whether memory holds an answer that need not be asked for again. */
  isFresh(address: string): boolean {
    const known = this.cache.get(address);
    return known !== undefined && !isStale(known, Date.now());
  }

  /** Addresses that were stored and never resolved. */
  missing(): Promise<string[]> {
    return this.database.read.geo.unresolved(MISSING_LIMIT);
  }

  /** What is known of some addresses, however old; those nobody ever resolved are left out. */
  async find(addresses: readonly string[]): Promise<Map<string, KnownAddress>> {
    const unknown = addresses.filter((address) => this.cache.get(address) === undefined && isPublicAddress(address));
    if (unknown.length > 0) await this.load(unknown);
    return new Map(
      addresses.flatMap((address) => {
        const known = this.cache.get(address);
        return known === undefined ? [] : [[address, known] as const];
      }),
    );
  }

  /**
   * Looks addresses up in the database; remembers and tells what it finds.
   * @returns those nobody knows, or knew too long ago
   */
  async recall(addresses: readonly string[]): Promise<string[]> {
    const now = Date.now();
    await this.load(addresses);
    return addresses.filter((address) => {
      const known = this.cache.get(address);
      return known === undefined || isStale(known, now);
    });
  }

  /** Takes a worker's result: stores it, fills in rows that waited for it, and tells open browsers what is new in it. */
  async learn(result: unknown): Promise<void> {
    const answer = readGeoResult(result);
    if (answer === undefined || answer.entries.length === 0) return;
    const now = Date.now();
    await this.database.withTransaction(({ geo }) => geo.resolve(answer, now));
    this.names.remember(answer.asNames);
    const news = answer.entries.filter(({ address, country, asn }) => {
      const known = this.cache.get(address);
      return known?.country !== country || known.asn !== asn;
    });
    for (const { address, country, asn, rir } of answer.entries)
      this.cache.set(address, { country, asn, rir, resolvedAtMs: now });
    if (news.length === 0) return;
    const names = new Map(answer.asNames.map(({ asn, name }) => [asn, name]));
    const entries = news.map(({ address, country, asn }) => ({
      address,
      country,
      asn,
      asName: asn === null ? null : (names.get(asn) ?? null),
    }));
    this.feed.publish({ type: 'geo_resolved', entries });
  }

  private async load(addresses: readonly string[]): Promise<void> {
    for (const row of await this.database.read.geo.find(addresses)) {
      const known = knownFrom(row);
      if (known !== undefined) this.cache.set(row.address, known);
    }
  }
}

function knownFrom({ country, asn, rir, resolvedAtMs }: GeoAddress): KnownAddress | undefined {
  return resolvedAtMs === null ? undefined : { country, asn, rir: rirFrom(rir), resolvedAtMs };
}
