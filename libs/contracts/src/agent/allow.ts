import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { MAX_ALLOW_ENTRIES } from '../http/allow.js';
import { JAIL_NAME } from '../http/bans.js';
import { IsExemptNetwork } from '../http/ip-network.validator.js';
import { IsListOf } from './list-of.js';

/** One entry of the allow list as a host keeps it. */
export class AllowSyncEntry {
  @Matches(/^[0-9a-f-]{36}$/) readonly id!: string;
  @IsExemptNetwork() readonly address!: string;
  /** Absent: every jail. */
  @IsOptional()
  @Matches(JAIL_NAME, { each: true })
  @ArrayNotEmpty()
  @ArrayUnique()
  @ArrayMaxSize(100)
  readonly jails?: string[];
  /** Milliseconds since the epoch by the host's clock; absent: until it is removed. */
  @IsOptional() @IsInt() @Min(0) @Max(8_640_000_000_000_000) readonly expiresAtMs?: number;
}

/** `allow.sync`: everything that is allowed on this host; what is not named is not allowed any more. */
export class AllowSyncArgs {
  @IsListOf(() => AllowSyncEntry, MAX_ALLOW_ENTRIES)
  readonly entries!: AllowSyncEntry[];
}

/** What became of one entry. */
export interface AllowSyncOutcome {
  readonly id: string;
  readonly state: 'applied' | 'failed';
  /** Jails it is in now, or why it is in none. */
  readonly detail: string | null;
  /** Bans it lifted. */
  readonly lifted: number;
}

export interface AllowSyncResult {
  readonly entries: readonly AllowSyncOutcome[];
}

/** `guard.list`: what the host refuses to ban by itself. */
export interface GuardListResult {
  readonly own: readonly string[];
  readonly listed: readonly string[];
}

/** `jails.networks`: which jails of the host take networks. */
export class NetworkSupportArgs {
  @Matches(JAIL_NAME, { each: true }) @ArrayNotEmpty() @ArrayUnique() @ArrayMaxSize(100) readonly jails!: string[];
}

/** `unknown`: an action that nobody has looked at; a ban is tried. */
export type NetworkSupport = 'yes' | 'no' | 'unknown';

export interface NetworkSupportResult {
  readonly jails: readonly {
    readonly jail: string;
    readonly ipv4: NetworkSupport;
    readonly ipv6: NetworkSupport;
    /** Name of the action that takes single addresses only; null when there is none. */
    readonly action: string | null;
  }[];
}
