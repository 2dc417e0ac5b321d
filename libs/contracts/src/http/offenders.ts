import { Type } from 'class-transformer';
import { IsInt, IsISO8601, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { JAIL_TEXT } from './bans.js';
import { HostScopeQuery } from './paging.js';
import { INSTANT } from './instant.js';

/**
 * `GET /api/v1/repeat-offenders`: addresses banned more than once, most bans first (`-bans`, the only order). Filters choose
 * addresses with at least one such ban; the counts are of all bans in the archive.
 */
export class RepeatOffenderQuery extends HostScopeQuery {
  /** Name of a jail. */
  @IsOptional() @Matches(JAIL_TEXT) readonly jail?: string;
  /** ISO 3166-1 alpha-2. */
  @IsOptional() @Matches(/^[A-Z]{2}$/) readonly country?: string;
  /** Number of an autonomous system. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(4_294_967_295) readonly asn?: number;
  /** Part of an address, or an address or network whose members are meant. */
  @IsOptional() @IsString() @Length(1, 64) readonly q?: string;
  /** RFC 3339: banned at or after. */
  @IsOptional() @IsISO8601({ strict: true }) @Matches(INSTANT) readonly from?: string;
}

/** An address that was banned more than once. */
export interface RepeatOffender {
  readonly address: string;
  readonly bans: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly country: string | null;
  readonly asn: number | null;
  /** Where it was banned, most bans first, at most 20 of them. */
  readonly places: readonly {
    readonly hostId: string;
    readonly hostName: string;
    readonly jail: string;
    readonly bans: number;
  }[];
}
