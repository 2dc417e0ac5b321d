import { ArrayMaxSize, ArrayNotEmpty, Equals, IsInt, IsIP, IsString, Max, Min } from 'class-validator';
import type { GeoSource, Rir } from '../http/geo.js';

/** Most addresses one `geo-lookups.resolve` job may carry. */
export const GEO_BATCH = 1000;
/** Most networks one `geo-lookups.networks-of-asn` result carries. */
export const ASN_NETWORKS_MAX = 20_000;
/** Hash on redis-int that each worker keeps its {@link GeoReport} in, one field a worker. */
export const GEO_REPORTS_KEY = 'bailiff:geo:reports';
/** How often a worker renews its report, milliseconds; one three times as old is that of a worker that is gone. */
export const GEO_REPORT_EVERY_MS = 30_000;

/** Job `geo-lookups.resolve`: country, network and registry of each address. */
export class GeoResolveJob {
  @Equals(1) readonly v!: 1;
  @IsString() readonly correlationId!: string;
  /** Canonical single addresses. */
  @IsIP(undefined, { each: true }) @ArrayNotEmpty() @ArrayMaxSize(GEO_BATCH) readonly addresses!: string[];
}

/** What the data say about one address; null where they say nothing. */
export interface GeoEntry {
  readonly address: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  /** Number of the autonomous system that announces the address. */
  readonly asn: number | null;
  readonly rir: Rir | null;
}

/** Result of `geo-lookups.resolve`, same order as asked. */
export interface GeoResolveResult {
  readonly v: 1;
  readonly entries: readonly GeoEntry[];
  /** Names of the networks in `entries`, each once. */
  readonly asNames: readonly { readonly asn: number; readonly name: string }[];
  /** Names the data it was read from: another version may answer otherwise. */
  readonly dataVersion: string;
}

/** Job `geo-lookups.networks-of-asn`: what an autonomous system announces. */
export class AsnNetworksJob {
  @Equals(1) readonly v!: 1;
  @IsString() readonly correlationId!: string;
  @IsInt() @Min(1) @Max(4_294_967_295) readonly asn!: number;
}

/** Result of `geo-lookups.networks-of-asn`. */
export interface AsnNetworksResult {
  readonly v: 1;
  readonly asn: number;
  readonly name: string | null;
  /** Canonical, sorted: the fewest that cover it and may be banned, so none wider than `WIDEST_BAN_PREFIX`. */
  readonly networks: readonly string[];
  /** Whether there were more than {@link ASN_NETWORKS_MAX}. */
  readonly isTruncated: boolean;
  /** The data that say so; null when this worker has none that could, which is not the same as a system without networks. */
  readonly source: { readonly name: string; readonly builtAt: string | null } | null;
}

/** What a worker says about its data, under {@link GEO_REPORTS_KEY}. */
export interface GeoReport {
  readonly v: 1;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly dataVersion: string;
  readonly sources: readonly GeoSource[];
}
