import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsIpNetwork } from './ip-network.validator.js';

/** What can be asked about an address. `rdap`: whose network it is (whois). */
export const LOOKUP_KINDS = ['rdap', 'reverse-dns', 'abuseipdb', 'otx'] as const;
export type LookupKind = (typeof LOOKUP_KINDS)[number];

/** Why a look-up has no answer. */
export const LOOKUP_FAILURES = [
  'lookup/no-key',
  'lookup/key-refused',
  'lookup/quota',
  'lookup/timed-out',
  'lookup/unreachable',
  'lookup/bad-answer',
  'lookup/refused',
  'lookup/no-server',
  'lookup/no-worker',
] as const;
export type LookupFailure = (typeof LOOKUP_FAILURES)[number];

/**
 * `off`: switched off in the settings. `no-key`: the worker has no key for it. `not-public`: never asked for such an address.
 * `not-asked`: never asked yet. `asking`: an answer is awaited. `nothing`: asked, and nothing is known.
 */
export const LOOKUP_STATES = [
  'off',
  'no-key',
  'not-public',
  'not-asked',
  'asking',
  'found',
  'nothing',
  'failed',
] as const;
export type LookupState = (typeof LOOKUP_STATES)[number];

/** Who a network is registered to, by RDAP. Text written by others. */
export class RdapFacts {
  @IsOptional() @IsString() @MaxLength(200) readonly name!: string | null;
  @IsOptional() @IsString() @MaxLength(200) readonly handle!: string | null;
  /** Organisation, as it names itself. */
  @IsOptional() @IsString() @MaxLength(200) readonly organisation!: string | null;
  /** ISO 3166-1 alpha-2, as registered. */
  @IsOptional() @IsString() @Length(2, 2) readonly country!: string | null;
  /** The registered network, as one or more CIDR networks. */
  @IsIpNetwork({ each: true }) @ArrayMaxSize(16) readonly networks!: string[];
  @IsOptional() @IsString() @MaxLength(254) readonly abuseEmail!: string | null;
  @IsOptional() @IsString() @MaxLength(60) readonly abusePhone!: string | null;
  /** RFC 3339. */
  @IsOptional() @IsString() @MaxLength(40) readonly registeredAt!: string | null;
  @IsOptional() @IsString() @MaxLength(40) readonly changedAt!: string | null;
  /** Host name of the server that answered. */
  @IsString() @MaxLength(255) readonly source!: string;
}

/** One name that an address has. Chosen by whoever owns the address. */
export class ReverseName {
  @IsString() @Length(1, 255) readonly name!: string;
  /** Whether the name leads back to the address. */
  @IsBoolean() readonly isConfirmed!: boolean;
}

/** Reports on an address, by AbuseIPDB. */
export class AbuseIpdbFacts {
  /** 0 to 100: how sure they are that it is abusive. */
  @IsInt() @Min(0) @Max(100) readonly score!: number;
  /** Reports of the last 90 days. */
  @IsInt() @Min(0) readonly reports!: number;
  @IsInt() @Min(0) readonly reporters!: number;
  /** RFC 3339. */
  @IsOptional() @IsString() @MaxLength(40) readonly lastReportedAt!: string | null;
  @IsOptional() @IsString() @MaxLength(200) readonly usage!: string | null;
  @IsOptional() @IsString() @MaxLength(200) readonly isp!: string | null;
  @IsOptional() @IsString() @MaxLength(255) readonly domain!: string | null;
  @IsBoolean() readonly isTor!: boolean;
  @IsBoolean() readonly isAllowed!: boolean;
}

/** Threat reports that name an address, by AlienVault OTX. */
export class OtxFacts {
  @IsInt() @Min(0) readonly pulses!: number;
  /** Titles of some of them. */
  @IsArray() @IsString({ each: true }) @MaxLength(200, { each: true }) @ArrayMaxSize(10) readonly names!: string[];
}

/** What one look-up says about an address. */
export interface LookupInfo {
  readonly kind: LookupKind;
  readonly state: LookupState;
  readonly askedAt: string | null;
  /** When the answer shown came; null: none yet. */
  readonly answeredAt: string | null;
  /** Whether the answer is older than it should be: asking again is worth it. */
  readonly isStale: boolean;
  /** Why it failed, and what the other side said. */
  readonly code: LookupFailure | null;
  readonly detail: string | null;
  readonly rdap: RdapFacts | null;
  readonly names: readonly ReverseName[] | null;
  readonly abuseipdb: AbuseIpdbFacts | null;
  readonly otx: OtxFacts | null;
}

/** `GET /api/v1/lookups?address=`: what is known; asks nobody. */
export class LookupQuery {
  @IsIpNetwork() readonly address!: string;
}

/** `POST /api/v1/lookups`: asks for what is not known or too old. Answers at once; answers come later. */
export class LookupRequest {
  @IsIpNetwork() readonly address!: string;
  @IsIn(LOOKUP_KINDS, { each: true }) @ArrayNotEmpty() @ArrayUnique() readonly kinds!: LookupKind[];
  /** Whether a fresh answer is asked for although a good one is known. */
  @IsOptional() @IsBoolean() readonly refresh?: boolean;
}

/** `PATCH /api/v1/lookups/settings`. */
export class LookupSettingsPatch {
  @IsOptional() @IsBoolean() readonly rdap?: boolean;
  @IsOptional() @IsBoolean() readonly reverseDns?: boolean;
}

/** `GET /api/v1/lookups/settings`. */
export interface LookupSettings {
  /** Whether registries are asked who owns a network, when its page is opened. */
  readonly rdap: boolean;
  /** Whether names are looked up. It tells the address's own DNS server that somebody is looking. */
  readonly reverseDns: boolean;
  /** Whether the worker holds the key; null: no worker has said so yet. */
  readonly abuseipdbKey: boolean | null;
  readonly otxKey: boolean | null;
}
