import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { LiveFeed } from '../live/live-feed.js';
import { CountryCache, isStale } from './country-cache.js';
import { readGeoResult } from './geo-result.js';

/** Unresolved addresses taken up again at start and hourly. */
const MISSING_LIMIT = 10_000;

/** What is known of addresses' countries: memory first, then the database. */
@Injectable()
export class GeoCountries {
  private readonly cache = new CountryCache();

  constructor(
    private readonly database: Database,
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

  /**
   * Looks addresses up in the database; remembers and tells what it finds.
   * @returns those nobody knows, or knew too long ago
   */
  async recall(addresses: readonly string[]): Promise<string[]> {
    const now = Date.now();
    for (const { address, country, resolvedAtMs } of await this.database.read.geo.find(addresses))
      if (resolvedAtMs !== null) this.cache.set(address, { country, resolvedAtMs });
    return addresses.filter((address) => {
      const known = this.cache.get(address);
      return known === undefined || isStale(known, now);
    });
  }

  /** Takes a worker's result: stores it, fills in rows that waited for it, and tells open browsers. */
  async learn(result: unknown): Promise<void> {
    const entries = readGeoResult(result);
    if (entries.length === 0) return;
    const now = Date.now();
    await this.database.withTransaction((repositories) => repositories.geo.resolve(entries, now));
    for (const { address, country } of entries) this.cache.set(address, { country, resolvedAtMs: now });
    this.feed.publish({ type: 'geo_resolved', entries });
  }
}
