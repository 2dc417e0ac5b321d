import { ArrayMaxSize, ArrayNotEmpty, Equals, IsIP, IsString } from 'class-validator';

/** Most addresses one `geo-lookups.resolve` job may carry. */
export const GEO_BATCH = 1000;

/** Job `geo-lookups.resolve`: country of each address, offline. */
export class GeoResolveJob {
  @Equals(1) readonly v!: 1;
  @IsString() readonly correlationId!: string;
  /** Canonical single addresses. */
  @IsIP(undefined, { each: true }) @ArrayNotEmpty() @ArrayMaxSize(GEO_BATCH) readonly addresses!: string[];
}

/** Result of `geo-lookups.resolve`, same order as asked. */
export interface GeoResolveResult {
  readonly v: 1;
  readonly entries: readonly {
    readonly address: string;
    /** ISO 3166-1 alpha-2 or null. */ readonly country: string | null;
  }[];
  /** When the data was built, RFC 3339 date, or null when unknown. */
  readonly dataDate: string | null;
}
