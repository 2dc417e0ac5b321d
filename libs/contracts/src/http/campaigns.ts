import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { HOST_ID_LIST } from './host-id.js';

export const CAMPAIGN_RANGES = ['24h', '7d', '30d', '365d'] as const;
export type CampaignRange = (typeof CAMPAIGN_RANGES)[number];

/** `GET /api/v1/campaigns`: networks from which many addresses were banned. */
export class CampaignQuery {
  /** Comma-separated host ids; absent: all. */
  @IsOptional() @Matches(HOST_ID_LIST) readonly hosts?: string;
  /** How far back from now. */
  @IsOptional() @IsIn(CAMPAIGN_RANGES) readonly range?: CampaignRange;
  /** Addresses of one network from which on it is shown. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(2) @Max(1000) readonly min?: number;
}

/** A network under whose addresses many were banned. */
export interface Campaign {
  /** CIDR, or `AS64496` for an autonomous system. */
  readonly network: string;
  readonly kind: 'ipv4-24' | 'ipv4-16' | 'ipv6-64' | 'ipv6-48' | 'asn';
  /** Different addresses banned. */
  readonly addresses: number;
  readonly bans: number;
  /** Bans from it that are in force right now. */
  readonly activeBans: number;
  /** Part of the network's addresses that were banned, 0 to 1; null where that says nothing (IPv6, ASN). */
  readonly share: number | null;
  readonly firstAt: string;
  readonly lastAt: string;
  /** Jails by number of bans, most first. */
  readonly jails: readonly string[];
  readonly hostIds: readonly string[];
  readonly asn: number | null;
  /** Its operator; absent where nobody knows. Untrusted text. */
  readonly asName?: string;
  /** Some of its addresses, of an autonomous system only: whether a list of its networks holds them tells what that is worth. */
  readonly sample: readonly string[];
  readonly country: string | null;
  /** Whether the network itself, or one around it, is banned already, somewhere. */
  readonly isBanned: boolean;
}

export interface CampaignList {
  readonly campaigns: readonly Campaign[];
  /** Bans looked through, newest first, and whether older ones in the range were left out. */
  readonly examined: number;
  readonly isComplete: boolean;
}
