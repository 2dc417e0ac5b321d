import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { JAIL_NAME, MAX_DURATION_SECONDS } from './bans.js';
import { IsExemptNetwork } from './ip-network.validator.js';
import { HOST_ID } from './host-id.js';

/** Most entries the allow list takes: each host gets all of its own in one signed message. */
export const MAX_ALLOW_ENTRIES = 1_000;

/** `POST /api/v1/allow-entries`: never ban this address or network, for a time or until it is removed. */
export class AllowEntryRequest {
  @IsExemptNetwork() readonly address!: string;
  /** Seconds from now; absent: until it is removed. */
  @IsOptional() @IsInt() @Min(1) @Max(MAX_DURATION_SECONDS) readonly durationSeconds?: number;
  @IsOptional() @IsString() @Length(1, 200) readonly comment?: string;
  /** Absent: every host. Not together with `tag`. */
  @IsOptional()
  @Matches(HOST_ID, { each: true })
  @ArrayNotEmpty()
  @ArrayUnique()
  @ArrayMaxSize(1000)
  readonly hostIds?: string[];
  /** Every host that has the tag, also those that get it later. */
  @IsOptional() @Matches(/^[a-z0-9][a-z0-9-]{0,30}$/) readonly tag?: string;
  /** Absent: every jail. */
  @IsOptional()
  @Matches(JAIL_NAME, { each: true })
  @ArrayNotEmpty()
  @ArrayUnique()
  @ArrayMaxSize(100)
  readonly jails?: string[];
}

/** `PATCH /api/v1/allow-entries/{id}`: what is absent stays. */
export class AllowEntryPatch {
  /** Seconds from now; 0: until it is removed. */
  @IsOptional() @IsInt() @Min(0) @Max(MAX_DURATION_SECONDS) readonly durationSeconds?: number;
  @IsOptional() @IsString() @Length(0, 200) readonly comment?: string;
}

/** `applied`: in the ignore lists of the host's jails. `waiting`: the host has not been told yet. */
export const ALLOW_STATES = ['applied', 'waiting', 'failed'] as const;
export type AllowState = (typeof ALLOW_STATES)[number];

/** An allow entry on one host. */
export interface AllowHostState {
  readonly hostId: string;
  readonly hostName: string;
  readonly state: AllowState;
  /** Why it waits or failed, or which jails it is in. */
  readonly detail: string | null;
  readonly at: string | null;
}

export interface AllowEntry {
  readonly id: string;
  readonly address: string;
  readonly comment: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
  /** null: until it is removed. */
  readonly expiresAt: string | null;
  /** null: every host, or those with the tag. */
  readonly hostIds: readonly string[] | null;
  readonly tag: string | null;
  /** null: every jail. */
  readonly jails: readonly string[] | null;
  readonly hosts: readonly AllowHostState[];
}
