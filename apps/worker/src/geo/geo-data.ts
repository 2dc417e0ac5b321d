import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { GeoSource } from '@bailiff/contracts/http';
import {
  ASN_NETWORKS_MAX,
  type AsnNetworksResult,
  type GeoEntry,
  type GeoResolveResult,
} from '@bailiff/contracts/jobs';
import { Injectable, Logger } from '@nestjs/common';
import { createRequire } from 'node:module';
import { WorkerConfig } from '../worker.config.js';
import { ASN_FILE_PATH } from './asn/asn-file-path.js';
import { AsnTable } from './asn/asn-table.js';
import { bannableNetworks } from './asn/bannable-networks.js';
import { CountryLookup } from './country-lookup.js';
import { MmdbDirectory } from './mmdb/mmdb-directory.js';
import { OnlineLookup } from './online-lookup.js';
import { IANA_TABLES_DATE } from './rir/iana-allocations.js';
import { rirOf } from './rir/rir-of.js';

/** Everything this worker knows of addresses: mounted files first, then what it comes with, then, if allowed, the internet. */
@Injectable()
export class GeoData {
  private readonly logger = new Logger(GeoData.name);
  private readonly mounted: MmdbDirectory;
  private readonly asnFile: string;
  private table: AsnTable | null | undefined;
  private ready: Promise<unknown> | undefined;

  constructor(
    config: WorkerConfig,
    private readonly countries: CountryLookup,
    private readonly online: OnlineLookup,
  ) {
    this.mounted = new MmdbDirectory(config.geoDir);
    this.asnFile = config.geoAsnFile ?? ASN_FILE_PATH;
  }

  /** Looks for new, changed and removed files; whether there were any. */
  async refresh(): Promise<boolean> {
    const refreshed = this.mounted.refresh();
    this.ready ??= refreshed;
    return await refreshed;
  }

  /** What is known of each address, in order. */
  async resolve(addresses: readonly string[]): Promise<GeoResolveResult> {
    await (this.ready ??= this.mounted.refresh());
    const names = new Map<number, string>();
    const offline = await Promise.all(addresses.map((address) => this.lookUp(address, names)));
    const unknown = offline.flatMap(({ address, country }) => (country === null ? [address] : []));
    const asked = unknown.length === 0 ? new Map<string, string>() : await this.online.countriesOf(unknown);
    const entries = offline.map(({ address, asn, ...known }): GeoEntry => {
      const country = known.country ?? asked.get(address) ?? null;
      return { address, country, asn, rir: rirOf(address, country) };
    });
    const asNames = Array.from(names, ([asn, name]) => ({ asn, name }));
    return { v: 1, entries, asNames, dataVersion: this.version() };
  }

  /** What a system announces, by the embedded data: MMDB files cannot be asked that way round. */
  networksOf(asn: number): AsnNetworksResult {
    const table = this.asnTable();
    const found = bannableNetworks(table?.rangesOf(asn) ?? [], ASN_NETWORKS_MAX);
    const source = table === null ? null : { name: asnSourceName(table), builtAt: table.header.source.builtAt };
    return { v: 1, asn, name: table?.nameOf(asn) ?? null, ...found, source };
  }

  /** Every source with its age, the ones in use first. */
  sources(): GeoSource[] {
    return [...this.mounted.sources(), ...this.embedded(), ...this.onlineSource()];
  }

  /** Same as long as the same data are used, on every worker that has them. */
  version(): string {
    const used = this.sources().filter(({ state }) => state !== 'broken');
    const text = JSON.stringify(used.map(({ name, builtAt, facts, state }) => [name, builtAt, facts, state]));
    return createHash('sha256').update(text).digest('hex').slice(0, 16);
  }

  private async lookUp(address: string, names: Map<number, string>): Promise<Omit<GeoEntry, 'rir'>> {
    const found = this.mounted.find(address);
    const country = found.country ?? (await this.countries.countryOf(address));
    const table = this.asnTable();
    const asn = found.asn ?? table?.asnOf(address) ?? null;
    const name = asn === null ? null : (found.asName ?? table?.nameOf(asn) ?? null);
    if (asn !== null && name !== null) names.set(asn, name);
    return { address, country, asn };
  }

  private asnTable(): AsnTable | null {
    if (this.table !== undefined) return this.table;
    try {
      this.table = AsnTable.open(this.asnFile);
    } catch (error) {
      this.logger.error({ err: error }, 'no AS numbers: the worker was not built whole');
      this.table = null;
    }
    return this.table;
  }

  private embedded(): GeoSource[] {
    const table = this.asnTable();
    const overridden = (fact: 'country' | 'asn') => (this.mounted.covers(fact) ? 'overridden' : 'used');
    return [
      {
        name: `geoip-lite ${GEOIP_LITE_VERSION}`,
        kind: 'embedded',
        facts: ['country'],
        builtAt: this.countries.dataDate(),
        entries: null,
        credit: 'Includes GeoLite data created by MaxMind',
        creditUrl: 'https://www.maxmind.com',
        state: overridden('country'),
        problem: null,
      },
      {
        name: table === null ? 'AS numbers' : asnSourceName(table),
        kind: 'embedded',
        facts: ['asn'],
        builtAt: table?.header.source.builtAt ?? null,
        entries: table?.entries ?? null,
        credit: 'IP Geolocation by DB-IP; RouteViews; Number Resource Organization (CC BY 4.0)',
        creditUrl: 'https://db-ip.com',
        state: table === null ? 'broken' : overridden('asn'),
        problem: table === null ? 'The file of AS numbers is missing or damaged.' : null,
      },
      {
        name: 'IANA address registries',
        kind: 'embedded',
        facts: ['rir'],
        builtAt: IANA_TABLES_DATE,
        entries: null,
        credit: 'Internet Assigned Numbers Authority (public domain)',
        creditUrl: 'https://www.iana.org/numbers',
        state: 'used',
        problem: null,
      },
    ];
  }

  private onlineSource(): GeoSource[] {
    const { host } = this.online;
    if (host === null) return [];
    return [
      {
        name: host,
        kind: 'online',
        facts: ['country'],
        builtAt: null,
        entries: null,
        credit: 'Asked for addresses the data here do not know',
        creditUrl: `https://${host}`,
        state: 'used',
        problem: null,
      },
    ];
  }
}

const asnSourceName = ({ header: { source } }: AsnTable) => `${source.name} ${source.version}`;

const GEOIP_LITE_VERSION = (
  JSON.parse(readFileSync(createRequire(import.meta.url).resolve('geoip-lite/package.json'), 'utf8')) as {
    version: string;
  }
).version;
