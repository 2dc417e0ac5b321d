import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { Type } from 'class-transformer';
import { MAX_DURATION_SECONDS } from './bans.js';
import { PageQuery } from './paging.js';
import { HOST_ID } from './host-id.js';

/** Most addresses one list may hold. */
export const BULK_MAX_ENTRIES = 100_000;
/** Longest list the server reads, bytes. */
export const BULK_MAX_BYTES = 8 * 1024 * 1024;
/** Most results one job may have: addresses times jails times hosts. */
export const BULK_MAX_RESULTS = 1_000_000;
/** Above so many addresses the number is typed before anything happens. */
export const BULK_CONFIRM_ABOVE = 100;

export const BULK_DIRECTIONS = ['ban', 'unban'] as const;
export type BulkDirection = (typeof BULK_DIRECTIONS)[number];

/** `POST /api/v1/bulk-jobs`: the list itself is the body, `text/plain`. Makes a draft; nothing is banned or unbanned yet. */
export class BulkUploadQuery {
  /** What is to be done with the list. */
  @IsIn(BULK_DIRECTIONS) readonly direction!: BulkDirection;
  /** Host ids, comma-separated. */
  @Matches(/^[0-9a-f]{16}(,[0-9a-f]{16}){0,999}$/) readonly hosts!: string;
  /** Jail names, comma-separated. */
  @Matches(/^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,63}(,[A-Za-z0-9_.][A-Za-z0-9_.-]{0,63}){0,99}$/) readonly jails!: string;
  /** What the list is called: the file's name. */
  @IsOptional() @IsString() @Length(1, 200) readonly name?: string;
  /** Seconds each ban of the list lasts, from when it is made; −1 for ever. Absent: as long as each jail says. Not for `unban`. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(-1) @Max(MAX_DURATION_SECONDS) readonly durationSeconds?: number;
}

/**
 * Why a line of a list is left out. `invalid`: no address or network. `too-wide`: a network no one may ban. `private`: a
 * private, local or reserved range. `protected`: would lock somebody out.
 */
export const BULK_FAULTS = ['invalid', 'too-wide', 'private', 'protected'] as const;
export type BulkFault = (typeof BULK_FAULTS)[number];

/** One line that is left out. */
export interface BulkLineProblem {
  /** Counted from 1. */
  readonly line: number;
  /** The line as it was given, cut short. */
  readonly text: string;
  readonly fault: BulkFault;
  /** One sentence. */
  readonly detail: string;
}

/** What a list holds, before anything is done with it. */
export interface BulkPreview {
  /** Lines that say something: neither empty nor comments. */
  readonly lines: number;
  /** Addresses and networks that will be dealt with, each once. */
  readonly entries: number;
  /** Lines that name an address once more. */
  readonly duplicates: number;
  /** Entries that are networks. */
  readonly networks: number;
  /** Entries that lie inside a network of the same list. They are dealt with all the same. */
  readonly covered: number;
  /** The first few of {@link covered}. */
  readonly coveredSample: readonly { readonly address: string; readonly network: string }[];
  /** Lines left out, by reason. */
  readonly faults: Readonly<Record<BulkFault, number>>;
  /** The first lines left out; all of them: `GET /api/v1/bulk-jobs/{id}/problems`. */
  readonly problems: readonly BulkLineProblem[];
  /** The first entries in canonical form. */
  readonly sample: readonly string[];
  /** Address, jail and host combinations that are banned now, as far as this console knows. */
  readonly bannedNow: number;
}

export const BULK_JOB_STATES = ['draft', 'running', 'cancelling', 'done', 'cancelled'] as const;
export type BulkJobState = (typeof BULK_JOB_STATES)[number];

/**
 * What has become of one jail of one host. `waiting`: accepted, but its host can't be heard; it goes on by itself there.
 * `failed`: the rest was not done.
 */
export const BULK_PART_STATES = ['sending', 'running', 'waiting', 'done', 'failed', 'cancelled'] as const;
export type BulkPartState = (typeof BULK_PART_STATES)[number];

/**
 * What happened to one entry in one jail of one host. `done`: banned or unbanned. `unchanged`: it was so already. `refused`: by
 * the host's own guard.
 */
export const BULK_RESULTS = ['pending', 'done', 'unchanged', 'failed', 'refused', 'cancelled'] as const;
export type BulkResult = (typeof BULK_RESULTS)[number];
export type BulkCounts = Readonly<Record<BulkResult, number>>;

/** One jail of one host. */
export interface BulkPart {
  readonly hostId: string;
  readonly hostName: string;
  readonly jail: string;
  readonly state: BulkPartState;
  readonly counts: BulkCounts;
  /** Why the rest was not done. */
  readonly code: string | null;
  readonly detail: string | null;
  /** When its host was last heard of. */
  readonly heardAt: string | null;
}

/** One list and what becomes of it. */
export interface BulkJob {
  readonly id: string;
  readonly direction: BulkDirection;
  readonly state: BulkJobState;
  readonly name: string | null;
  readonly reason: string | null;
  /** Seconds each ban lasts; −1 for ever; null: as long as each jail says. */
  readonly durationSeconds: number | null;
  /** Who uploaded it. */
  readonly owner: string;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly entries: number;
  readonly jails: readonly string[];
  /** Over all parts. */
  readonly counts: BulkCounts;
  /** Results a second, lately; null when nothing moves. */
  readonly perSecond: number | null;
  /** Seconds until all is done at that rate. */
  readonly etaSeconds: number | null;
  readonly parts: readonly BulkPart[];
}

/** Answer to an upload. */
export interface BulkDraft {
  readonly job: BulkJob;
  readonly preview: BulkPreview;
}

/** `POST /api/v1/bulk-jobs/{id}/start`. */
export class BulkStartRequest {
  /** Number of entries as typed; needed above {@link BULK_CONFIRM_ABOVE}. */
  @IsOptional() @IsInt() @Min(1) @Max(BULK_MAX_ENTRIES) readonly confirmedEntries?: number;
  @IsOptional() @IsString() @Length(1, 200) readonly reason?: string;
}

/** `GET /api/v1/bulk-jobs/{id}/results`: in the order of the list, jail by jail and host by host. */
export class BulkResultQuery extends PageQuery {
  /** Only what came to this. */
  @IsOptional() @IsIn(BULK_RESULTS) readonly result?: BulkResult;
  /** Id of the host. */
  @IsOptional() @Matches(HOST_ID) readonly host?: string;
  /** Part of an address. */
  @IsOptional() @IsString() @Length(1, 64) readonly q?: string;
}

/** `GET /api/v1/bulk-jobs/{id}/results/export`. */
export class BulkExportQuery {
  /** `csv`, or `jsonl`: one JSON object a line. */
  @IsIn(['csv', 'jsonl']) readonly format!: 'csv' | 'jsonl';
  /** Only what came to this. */
  @IsOptional() @IsIn(BULK_RESULTS) readonly result?: BulkResult;
  /** Id of the host. */
  @IsOptional() @Matches(HOST_ID) readonly host?: string;
  /** Part of an address. */
  @IsOptional() @IsString() @Length(1, 64) readonly q?: string;
}

/** One entry in one jail of one host. */
export interface BulkResultRow {
  readonly id: string;
  readonly hostId: string;
  readonly hostName: string;
  readonly jail: string;
  readonly address: string;
  readonly result: BulkResult;
  readonly code: string | null;
  readonly detail: string | null;
}
