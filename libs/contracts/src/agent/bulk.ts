import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsIn,
  IsInt,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { JAIL_NAME, MAX_DURATION_SECONDS } from '../http/bans.js';
import { BULK_DIRECTIONS, BULK_MAX_ENTRIES, type BulkDirection } from '../http/bulk.js';
import { IsIpNetwork } from '../http/ip-network.validator.js';

/** Addresses in one `bulk.chunk`; every chunk but the last is full. */
export const BULK_CHUNK_SIZE = 2_000;

/** `bulk.begin`: a list is about to be handed over. Repeating it changes nothing. */
export class BulkBeginArgs {
  @IsUUID() readonly jobId!: string;
  @IsIn(BULK_DIRECTIONS) readonly direction!: BulkDirection;
  @Matches(JAIL_NAME, { each: true }) @ArrayNotEmpty() @ArrayUnique() @ArrayMaxSize(100) readonly jails!: string[];
  @IsInt() @Min(1) @Max(BULK_MAX_ENTRIES) readonly entries!: number;
  /** Seconds after its start at which the job ends, done or not: nothing stale runs later. */
  @IsInt() @Min(60) @Max(86_400) readonly lifeSeconds!: number;
  /** Seconds from its own ban until the agent lifts each entry, whatever the jail's `bantime`; −1: never. Absent: the jail decides. */
  @IsOptional() @IsInt() @Min(-1) @Max(MAX_DURATION_SECONDS) readonly durationSeconds?: number;
}

/** `bulk.chunk`: a part of the list. Repeating it changes nothing. */
export class BulkChunkArgs {
  @IsUUID() readonly jobId!: string;
  @IsInt() @Min(0) @Max(BULK_MAX_ENTRIES / BULK_CHUNK_SIZE - 1) readonly index!: number;
  @IsIpNetwork({ each: true }) @ArrayNotEmpty() @ArrayMaxSize(BULK_CHUNK_SIZE) readonly addresses!: string[];
}

/** `bulk.start` (from here on the agent carries on by itself, also after its own death) and `bulk.cancel`. */
export class BulkJobArgs {
  @IsUUID() readonly jobId!: string;
}

/** `bulk.report`: results of a jail from a position of the list on. */
export class BulkReportArgs {
  @IsUUID() readonly jobId!: string;
  @Matches(JAIL_NAME) readonly jail!: string;
  @IsInt() @Min(0) @Max(BULK_MAX_ENTRIES) readonly from!: number;
}

/** `receiving`: not started. `queued`: behind another job. `paused`: fail2ban can't be asked right now. */
export type BulkAgentState = 'receiving' | 'queued' | 'running' | 'paused' | 'cancelling' | 'ended';

/** Positions that share a reason: `from` inclusive, `to` exclusive. */
export interface BulkFailureRun {
  readonly from: number;
  readonly to: number;
  readonly code: string;
  readonly detail: string;
}

/**
 * Result of `bulk.report`. `results` has one letter an entry from `from` on: `d` done, `u` unchanged, `f` failed, `r` refused,
 * `c` cancelled. Entries beyond are pending. There may be more: ask again from behind the last.
 */
export interface BulkReport {
  readonly state: BulkAgentState;
  /** Why it is paused. */
  readonly detail: string | null;
  readonly from: number;
  readonly results: string;
  readonly failures: readonly BulkFailureRun[];
}
