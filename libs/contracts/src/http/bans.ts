import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { HOST_ID } from './host-id.js';
import { IsIpNetwork } from './ip-network.validator.js';
import { HostScopeQuery } from './paging.js';

/** Names of jails that acts may carry: what fail2ban, its status output and shell actions all survive. */
export const JAIL_NAME = /^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,63}$/;
/** Names of jails that can be looked for: fail2ban runs a jail under nearly any. */
export const JAIL_TEXT = /^[^\0]{1,256}$/;

/** Longest time a timed ban or allow entry may last: ten years. For ever is said otherwise. */
export const MAX_DURATION_SECONDS = 315_360_000;

/** Shortest prefix of a network that may be banned, by hand or from a list; wider ones are taken for a mistake. */
export const WIDEST_BAN_PREFIX = { 4: 16, 6: 32 } as const;

/** `selfblock`: made by the jail itself. `manual`: by an operator. */
export const BAN_ORIGINS = ['selfblock', 'manual', 'blocklist', 'fleet'] as const;
export type BanOrigin = (typeof BAN_ORIGINS)[number];

/** `GET /api/v1/bans`: what is banned now. Sortable by `bannedAt`, `expiresAt`, `address`, `jail`, `banCount`. */
export class BanListQuery extends HostScopeQuery {
  /** Name of a jail. */
  @IsOptional() @Matches(JAIL_TEXT) readonly jail?: string;
  /** Part of an address, or an address or network that must cover or be covered. */
  @IsOptional() @IsString() @Length(1, 64) readonly q?: string;
  /** ISO 3166-1 alpha-2. */
  @IsOptional() @Matches(/^[A-Z]{2}$/) readonly country?: string;
  /** Number of an autonomous system. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(4_294_967_295) readonly asn?: number;
  /** Why they are banned. */
  @IsOptional() @IsIn(BAN_ORIGINS) readonly origin?: BanOrigin;
}

export interface ActiveBan {
  readonly id: string;
  readonly hostId: string;
  readonly hostName: string;
  readonly jail: string;
  readonly address: string;
  readonly bannedAt: string;
  /** null: permanent. */
  readonly expiresAt: string | null;
  readonly banCount: number;
  readonly origin: BanOrigin;
  readonly country: string | null;
  /** Number of the autonomous system; absent where nobody knows. */
  readonly asn?: number;
  /** Its operator; absent where nobody knows. Untrusted text. */
  readonly asName?: string;
  /** What was given as the reason of a ban by hand; absent where none is known. */
  readonly reason?: string;
}

/** `POST /api/v1/bans`: bans addresses now; each lasts the jail's `bantime` unless `durationSeconds` says otherwise. */
export class BanRequest {
  @Matches(HOST_ID, { each: true }) @ArrayNotEmpty() @ArrayUnique() @ArrayMaxSize(1000) readonly hostIds!: string[];
  @Matches(JAIL_NAME, { each: true }) @ArrayNotEmpty() @ArrayUnique() @ArrayMaxSize(100) readonly jails!: string[];
  @IsIpNetwork({ each: true }) @ArrayNotEmpty() @ArrayMaxSize(500) readonly addresses!: string[];
  @IsOptional() @IsString() @Length(1, 200) readonly reason?: string;
  /** Seconds until the host's agent lifts the bans again, whatever the jail's `bantime`; −1: never. */
  @IsOptional() @IsInt() @Min(-1) @Max(MAX_DURATION_SECONDS) readonly durationSeconds?: number;
  /**
   * Those of `addresses` that are banned although they are protected (your own, the gateway's, the host's): what whoever asks
   * has seen and confirmed, one by one. All others stay guarded.
   */
  @IsOptional() @IsIpNetwork({ each: true }) @ArrayMaxSize(500) readonly forced?: string[];
}

/** `POST /api/v1/unbans`: lifts bans. Without `jails`: in every jail. `everything` needs no addresses. */
export class UnbanRequest {
  @Matches(HOST_ID, { each: true }) @ArrayNotEmpty() @ArrayUnique() @ArrayMaxSize(1000) readonly hostIds!: string[];
  @IsOptional()
  @Matches(JAIL_NAME, { each: true })
  @ArrayNotEmpty()
  @ArrayUnique()
  @ArrayMaxSize(100)
  readonly jails?: string[];
  @IsOptional()
  @IsString({ each: true })
  @Length(1, 256, { each: true })
  @ArrayNotEmpty()
  @ArrayMaxSize(500)
  readonly addresses?: string[];
  /** Lifts every ban of the hosts (or of `jails`); the UI asks for a typed confirmation. */
  @IsOptional() @IsBoolean() readonly everything?: boolean;
  @IsOptional() @IsString() @Length(1, 200) readonly reason?: string;
}

/** A ban as it was when it was lifted: what it takes to put it back. */
export interface LiftedBan {
  readonly jail: string;
  /** Until its end; 0: it was over; null: permanent. */
  readonly secondsLeft: number | null;
  /** What was given as its reason. */
  readonly reason: string | null;
}

/** What happened to one address in one jail of one host. */
export interface BanOutcome {
  readonly hostId: string;
  readonly jail: string | null;
  readonly address: string | null;
  /** `banned`/`unbanned`: now done. `unchanged`: it already was so. `unknown`: the host did not answer in time. */
  readonly result: 'banned' | 'unbanned' | 'unchanged' | 'failed' | 'unknown';
  /** Problem code and what fail2ban or the host said, when it failed. */
  readonly code: string | null;
  readonly detail: string | null;
  /** With `unbanned`: the bans of the address that were lifted, as far as the console knew them. */
  readonly lifted?: readonly LiftedBan[];
}

export interface BanResult {
  readonly outcomes: readonly BanOutcome[];
  readonly changed: number;
  readonly unchanged: number;
  readonly failed: number;
}
