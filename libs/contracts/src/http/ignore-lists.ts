import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsBoolean,
  IsOptional,
  IsString,
  Length,
  Matches,
} from 'class-validator';
import { JAIL_NAME } from './bans.js';

/**
 * Where an entry of an ignore list comes from. `configured`: in the files only, so not in force until a reload. `allowed`: kept
 * there by the allow list, also after reloads. `unknown`: in force; the files could not be read.
 */
export const IGNORE_SOURCES = ['both', 'runtime', 'configured', 'allowed', 'unknown'] as const;
export type IgnoreSource = (typeof IGNORE_SOURCES)[number];

/** Never counted by a jail. */
export interface IgnoreEntry {
  /** As fail2ban keeps it: an address, a network, a host name, `file:PATH`. */
  readonly entry: string;
  readonly source: IgnoreSource;
  /** Whether Bailiff's own file put it into the configuration. */
  readonly isOurs: boolean;
  /** Whether it covers the console's, the host's or a protected address: taking it away needs `force`. */
  readonly isProtected: boolean;
}

/** The ignore list of one jail. */
export interface IgnoreList {
  readonly jail: string;
  readonly entries: readonly IgnoreEntry[];
  /** Entries in all; `entries` is cut at 2,000. */
  readonly total: number;
  readonly ignoreself: boolean | null;
  readonly ignorecommand: string | null;
  readonly ignorecache: string | null;
}

/** `GET /api/v1/hosts/{hostId}/ignore-lists?jail=`. */
export class IgnoreListQuery {
  /** Name of a jail; absent: all that run. */
  @IsOptional() @Matches(JAIL_NAME) readonly jail?: string;
}

export interface IgnoreLists {
  readonly hostId: string;
  readonly lists: readonly IgnoreList[];
  /** Why sources are not known: the configuration cannot be read. */
  readonly problem: string | null;
}

/** `POST /api/v1/hosts/{hostId}/ignore-lists`: adds and removes entries, at once and, if asked, for good. */
export class IgnoreChange {
  /** Absent: every running jail of the host. */
  @IsOptional()
  @Matches(JAIL_NAME, { each: true })
  @ArrayNotEmpty()
  @ArrayUnique()
  @ArrayMaxSize(500)
  readonly jails?: string[];
  /** Addresses, networks, host names. */
  @IsOptional()
  @IsString({ each: true })
  @Length(1, 253, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(200)
  readonly add?: string[];
  /** As the list shows them. */
  @IsOptional()
  @IsString({ each: true })
  @Length(1, 1024, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(200)
  readonly remove?: string[];
  /** Whether the host's own addresses are ignored. */
  @IsOptional() @IsBoolean() readonly ignoreself?: boolean;
  /** Whether it is written into the configuration, too, so that it survives reloads. */
  @IsOptional() @IsBoolean() readonly permanent?: boolean;
  /** Whether an entry that covers an own or protected address is removed all the same. */
  @IsOptional() @IsBoolean() readonly force?: boolean;
}

/** What became of one change in one jail. */
export interface IgnoreOutcome {
  readonly jail: string;
  /** null: `ignoreself`. */
  readonly entry: string | null;
  readonly result: 'added' | 'removed' | 'set' | 'unchanged' | 'failed';
  readonly detail: string | null;
}

/** A ban of an address that is ignored from now on: it stays until somebody lifts it. */
export interface StillBanned {
  readonly jail: string;
  readonly address: string;
}

export interface IgnoreChangeResult {
  readonly outcomes: readonly IgnoreOutcome[];
  /** Whether the configuration now says so, too; null when that was not asked for. */
  readonly isPermanent: boolean | null;
  /** Why the configuration was not changed; the old file is back. */
  readonly permanentDetail: string | null;
  readonly stillBanned: readonly StillBanned[];
}

export const IGNORE_RESULTS = [
  'added',
  'removed',
  'set',
  'unchanged',
  'failed',
] as const satisfies readonly IgnoreOutcome['result'][];
