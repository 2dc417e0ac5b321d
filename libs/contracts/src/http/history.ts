import { Type } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { type BanOrigin, JAIL_TEXT } from './bans.js';
import { HostScopeQuery } from './paging.js';
import { ORIGIN_LIST } from './stats.js';
import { INSTANT } from './instant.js';

export const HISTORY_KINDS = ['ban', 'unban'] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** `GET /api/v1/history`: every ban and unban. Sortable by `at` (default `-at`), `address`, `jail`. */
export class HistoryQuery extends HostScopeQuery {
  /** Absent: both. */
  @IsOptional() @IsIn(HISTORY_KINDS) readonly kind?: HistoryKind;
  /** Name of a jail. */
  @IsOptional() @Matches(JAIL_TEXT) readonly jail?: string;
  /** Part of an address, jail, requested URL or site, or an address or network whose members are meant. */
  @IsOptional() @IsString() @Length(1, 64) readonly q?: string;
  /** ISO 3166-1 alpha-2. */
  @IsOptional() @Matches(/^[A-Z]{2}$/) readonly country?: string;
  /** Number of an autonomous system. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(4_294_967_295) readonly asn?: number;
  /** Origins, comma-separated. */
  @IsOptional() @Matches(ORIGIN_LIST) readonly origin?: string;
  /** RFC 3339, inclusive. */
  @IsOptional() @IsISO8601({ strict: true }) @Matches(INSTANT) readonly from?: string;
  /** RFC 3339, exclusive. */
  @IsOptional() @IsISO8601({ strict: true }) @Matches(INSTANT) readonly to?: string;
}

/** `GET /api/v1/history/export`: the filtered set as a stream. */
export class HistoryExportQuery extends HistoryQuery {
  /** `csv`, or `jsonl`: one JSON object a line. */
  @IsIn(['csv', 'jsonl']) readonly format!: 'csv' | 'jsonl';
}

/** One row of the archive. */
export interface HistoryEntry {
  readonly id: string;
  readonly hostId: string;
  readonly hostName: string;
  readonly kind: HistoryKind;
  readonly jail: string;
  readonly address: string;
  readonly at: string;
  /** Seconds, −1 permanent; null for an unban or when unknown. */
  readonly bantimeSeconds: number | null;
  readonly banCount: number | null;
  readonly failures: number | null;
  readonly origin: BanOrigin;
  readonly country: string | null;
  /** Number of the autonomous system. */
  readonly asn: number | null;
  /** Its operator; absent where nobody knows. Untrusted text. */
  readonly asName?: string;
  /** Log lines that made the ban, newest last; untrusted text. */
  readonly matches: readonly string[];
  /** What `matches` say as far as they are understood, untrusted text; null when they do not. Daemon that wrote them. */
  readonly service: string | null;
  /** URL asked for, as logged. */
  readonly requestUrl: string | null;
  /** Site asked for: its registrable domain, or all of it where there is none. */
  readonly targetDomain: string | null;
  /** What stands before `targetDomain`. */
  readonly targetSubdomain: string | null;
}
