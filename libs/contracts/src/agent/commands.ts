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
import { IsIpNetwork } from '../http/ip-network.validator.js';
import { JAIL_NAME, MAX_DURATION_SECONDS } from '../http/bans.js';
import type { PolicyGroup } from '../http/hosts.js';
import {
  IgnoreChangeArgs,
  IgnoreFindArgs,
  IgnoreListArgs,
  JailActArgs,
  JailActStateArgs,
  JailGetArgs,
  JailLogArgs,
  JailPreviewArgs,
} from './jail-commands.js';
import type {
  IgnoreChangeAnswer,
  IgnoreFindAnswer,
  IgnoreListAnswer,
  JailActReport,
  JailGetAnswer,
  JailLogAnswer,
  JailPreviewAnswer,
} from './jail-results.js';
import { BulkBeginArgs, BulkChunkArgs, BulkJobArgs, BulkReportArgs, type BulkReport } from './bulk.js';
import {
  AllowSyncArgs,
  type AllowSyncResult,
  type GuardListResult,
  NetworkSupportArgs,
  type NetworkSupportResult,
} from './allow.js';

/** Arguments of a command that takes none. */
export class NoArgs {}

/** `bans.ban`: each address in each jail, at most 500 addresses a command. */
export class BanCommandArgs {
  @Matches(JAIL_NAME, { each: true }) @ArrayNotEmpty() @ArrayUnique() @ArrayMaxSize(100) readonly jails!: string[];
  @IsIpNetwork({ each: true }) @ArrayNotEmpty() @ArrayMaxSize(500) readonly addresses!: string[];
  /** Seconds until the agent lifts the bans again, whatever the jail's `bantime`; −1: never. Absent: the jail decides. */
  @IsOptional() @IsInt() @Min(-1) @Max(MAX_DURATION_SECONDS) readonly durationSeconds?: number;
  /** Those of `addresses` that are banned although they are the host's own or protected. All others stay guarded. */
  @IsOptional() @IsIpNetwork({ each: true }) @ArrayMaxSize(500) readonly forced?: string[];
}

/** `bans.unban`: absent `jails` means every jail. Addresses are fail2ban's own ban ids, so free text is allowed. */
export class UnbanCommandArgs {
  @IsOptional()
  @Matches(JAIL_NAME, { each: true })
  @ArrayNotEmpty()
  @ArrayUnique()
  @ArrayMaxSize(100)
  readonly jails?: string[];
  @IsString({ each: true })
  @Length(1, 256, { each: true })
  @ArrayNotEmpty()
  @ArrayMaxSize(500)
  readonly addresses!: string[];
}

/** `bans.unban-everything`: absent `jails` means every jail. */
export class UnbanEverythingCommandArgs {
  @IsOptional()
  @Matches(JAIL_NAME, { each: true })
  @ArrayNotEmpty()
  @ArrayUnique()
  @ArrayMaxSize(100)
  readonly jails?: string[];
}

/** Per jail and address: what fail2ban did. */
export interface BanCommandOutcome {
  readonly jail: string | null;
  readonly address: string | null;
  readonly result: 'banned' | 'unbanned' | 'unchanged' | 'failed';
  readonly code?: string;
  readonly detail?: string;
}

export interface BanCommandResult {
  readonly outcomes: readonly BanCommandOutcome[];
}

/** `bans.unban-everything`. */
export interface UnbanEverythingResult {
  readonly unbanned: number;
}

/** `host.ping`: fail2ban's own answer to a ping. */
export interface PingResult {
  readonly pong: true;
}

/**
 * The closed list of what a gateway may ask of an agent: group (granted on the host), whether it only reads, its argument class.
 * A handler missing for any of these, or one too many, stops the agent at start.
 */
export const AGENT_COMMANDS = {
  'host.ping': { group: 'read', read: true, args: NoArgs },
  'host.report': { group: 'read', read: true, args: NoArgs },
  'bans.snapshot': { group: 'read', read: true, args: NoArgs },
  'jails.get': { group: 'read', read: true, args: JailGetArgs },
  'jails.log': { group: 'read', read: true, args: JailLogArgs },
  'jails.preview': { group: 'read', read: true, args: JailPreviewArgs },
  'jails.act': { group: 'config', read: false, args: JailActArgs },
  'jails.act-state': { group: 'read', read: true, args: JailActStateArgs },
  'ignore.list': { group: 'read', read: true, args: IgnoreListArgs },
  'ignore.find': { group: 'read', read: true, args: IgnoreFindArgs },
  'ignore.change': { group: 'config', read: false, args: IgnoreChangeArgs },
  'bans.ban': { group: 'ban', read: false, args: BanCommandArgs },
  'bans.unban': { group: 'ban', read: false, args: UnbanCommandArgs },
  'bans.unban-everything': { group: 'ban', read: false, args: UnbanEverythingCommandArgs },
  'bulk.begin': { group: 'ban', read: false, args: BulkBeginArgs },
  'bulk.chunk': { group: 'ban', read: false, args: BulkChunkArgs },
  'bulk.start': { group: 'ban', read: false, args: BulkJobArgs },
  'bulk.cancel': { group: 'ban', read: false, args: BulkJobArgs },
  'bulk.report': { group: 'read', read: true, args: BulkReportArgs },
  'allow.sync': { group: 'ban', read: false, args: AllowSyncArgs },
  'guard.list': { group: 'read', read: true, args: NoArgs },
  'jails.networks': { group: 'read', read: true, args: NetworkSupportArgs },
} as const satisfies Record<string, { group: PolicyGroup; read: boolean; args: new () => object }>;

export type AgentCommandName = keyof typeof AGENT_COMMANDS;

/** Result of each command. `host.report` and `bans.snapshot` answer `{}` after having sent their events. */
export interface AgentCommandResults {
  'host.ping': PingResult;
  'host.report': Record<string, never>;
  'bans.snapshot': Record<string, never>;
  'jails.get': JailGetAnswer;
  'jails.log': JailLogAnswer;
  'jails.preview': JailPreviewAnswer;
  'jails.act': JailActReport;
  'jails.act-state': JailActReport;
  'ignore.list': IgnoreListAnswer;
  'ignore.find': IgnoreFindAnswer;
  'ignore.change': IgnoreChangeAnswer;
  'bans.ban': BanCommandResult;
  'bans.unban': BanCommandResult;
  'bans.unban-everything': UnbanEverythingResult;
  'bulk.begin': Record<string, never>;
  'bulk.chunk': Record<string, never>;
  'bulk.start': Record<string, never>;
  'bulk.cancel': Record<string, never>;
  'bulk.report': BulkReport;
  'allow.sync': AllowSyncResult;
  'guard.list': GuardListResult;
  'jails.networks': NetworkSupportResult;
}
