import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

/** Regional internet registries. */
export const RIRS = ['AFRINIC', 'APNIC', 'ARIN', 'LACNIC', 'RIPE NCC'] as const;
export type Rir = (typeof RIRS)[number];

/** What a source of geo and network data can tell. */
export const GEO_FACTS = ['country', 'asn', 'rir'] as const;
export type GeoFact = (typeof GEO_FACTS)[number];

/** Where a worker takes countries and networks from, or would if it could. */
export interface GeoSource {
  /** What it is called: a package, or the file name and its type. */
  readonly name: string;
  /** `embedded`: comes with the worker; `mounted`: an MMDB file of the operator; `online`: asked over the internet. */
  readonly kind: 'embedded' | 'mounted' | 'online';
  readonly facts: readonly GeoFact[];
  /** When the data were built, RFC 3339; null where nobody knows, and for what is asked over the internet. */
  readonly builtAt: string | null;
  /** Ranges it holds; null where it does not say. */
  readonly entries: number | null;
  /** Who is to be named for it, and under which licence. */
  readonly credit: string;
  /** Page of whom is to be named. */
  readonly creditUrl: string | null;
  /** `used`, `overridden` by a mounted file, or `broken`: not readable. */
  readonly state: 'used' | 'overridden' | 'broken';
  /** Why it is broken, safe to show. */
  readonly problem: string | null;
}

/** Answer of `GET /api/v1/geo/sources`. */
export interface GeoStatus {
  /** `none`: no worker ever said what it has; `silent`: none has for a while, `sources` are the last known; `live`. */
  readonly state: 'live' | 'silent' | 'none';
  /** When a worker last said so, RFC 3339. */
  readonly reportedAt: string | null;
  readonly sources: readonly GeoSource[];
  /** Addresses known, and those of them still to be looked up. */
  readonly addresses: { readonly known: number; readonly waiting: number };
}

/** Path of `GET /api/v1/geo/systems/{asn}/networks`. */
export class AsnParams {
  @Type(() => Number) @IsInt() @Min(1) @Max(4_294_967_295) readonly asn!: number;
}

/** What an autonomous system announces, by the worker's data. */
export interface AsnNetworks {
  readonly asn: number;
  /** Its operator, untrusted text; null where nobody knows. */
  readonly name: string | null;
  /** The fewest networks that cover it and may be banned, IPv4 before IPv6, at most 20,000. */
  readonly networks: readonly string[];
  /** Whether there are more; the counts are of those listed. */
  readonly isTruncated: boolean;
  /** The data that say so, and when they were built, RFC 3339; null where nobody knows. Untrusted text. */
  readonly source: { readonly name: string; readonly builtAt: string | null };
  /** Addresses of its IPv4 networks. */
  readonly ipv4Addresses: number;
  readonly ipv4Networks: number;
  readonly ipv6Networks: number;
}
