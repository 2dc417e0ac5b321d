import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { BAN_ORIGINS, type BanOrigin } from '../http/bans.js';
import type { JailStatus } from '../http/jails.js';
import { IsListOf } from './list-of.js';

/** Kinds of signed events an agent sends. */
export const AGENT_EVENTS = {
  tickets: 'tickets',
  status: 'host.status',
  snapshot: 'bans.snapshot',
  jailAct: 'jails.act',
} as const;

/** Jail and ban id as fail2ban printed them: free text of a bounded length, never trusted. */
const TEXT_MAX = 1024;

/** One ban, unban or failure as fail2ban recorded it. */
export class TicketEvent {
  @IsIn(['ban', 'unban', 'found']) readonly kind!: 'ban' | 'unban' | 'found';
  @IsString() @Length(1, 256) readonly jail!: string;
  /** Canonical address or network; other ban ids as they are. */
  @IsString() @Length(1, TEXT_MAX) readonly address!: string;
  /** Milliseconds since the epoch, UTC. A ban's time is fail2ban's `timeofban` (whole seconds), an unban's its log line. */
  @IsInt() @Min(0) @Max(8_640_000_000_000_000) readonly atMs!: number;
  /** Of a failure: its place among all that this agent ever told, growing; one that is told again is known by it. */
  @IsOptional() @IsInt() @Min(1) readonly number?: number;
  /** Seconds, −1 permanent. */
  @IsOptional() @IsInt() readonly bantimeSeconds?: number;
  @IsOptional() @IsInt() readonly banCount?: number;
  @IsOptional() @IsInt() readonly failures?: number;
  @IsOptional() @IsIn(BAN_ORIGINS) readonly origin?: BanOrigin;
  /** At most 10 lines of at most 2,000 characters. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @Length(0, 2000, { each: true })
  readonly matches?: string[];
}

/** Event `tickets`: in the order the agent saw them. */
export class TicketsEvent {
  @IsListOf(() => TicketEvent, 500) readonly tickets!: TicketEvent[];
}

/** One jail inside `host.status`. */
export class JailReport {
  @IsString() @Length(1, 256) readonly name!: string;
  @IsIn(['running', 'idle', 'stopped', 'inactive']) readonly status!: JailStatus;
  @IsOptional() @IsString() @Length(1, 256) readonly backend?: string;
  @IsOptional() @IsInt() readonly currentlyBanned?: number;
  @IsOptional() @IsInt() readonly totalBanned?: number;
  @IsOptional() @IsInt() readonly currentlyFailed?: number;
  @IsOptional() @IsInt() readonly totalFailed?: number;
  @IsOptional() @IsNumber() readonly findtimeSeconds?: number;
  @IsOptional() @IsNumber() readonly bantimeSeconds?: number;
  @IsOptional() @IsInt() readonly maxretry?: number;
}

/** Event `host.status`: sent after every welcome, on change, and at least every 60 s. */
export class HostStatusEvent {
  @IsInt() readonly atMs!: number;
  @IsBoolean() readonly reachable!: boolean;
  @IsOptional() @IsString() @Length(1, 1000) readonly reason?: string;
  @IsOptional() @IsString() @Length(1, 64) readonly version?: string;
  @IsOptional() @IsString() @Length(1, 1024) readonly socketPath?: string;
  @IsListOf(() => JailReport, 2000) readonly jails!: JailReport[];
}

/** One ban inside a snapshot. */
export class SnapshotBan {
  @IsString() @Length(1, 256) readonly jail!: string;
  @IsString() @Length(1, TEXT_MAX) readonly address!: string;
  @IsInt() readonly bannedAtMs!: number;
  /** null: permanent. */
  @IsOptional() @IsInt() readonly expiresAtMs?: number | null;
  @IsInt() readonly banCount!: number;
  @IsOptional() @IsIn(BAN_ORIGINS) readonly origin?: BanOrigin;
}

/**
 * Event `bans.snapshot`: a chunk of everything banned on the host as fail2ban's socket says. After the last chunk
 * (`index === count - 1`) the gateway drops active bans of that host which no chunk named and which are older than `atMs`.
 */
export class SnapshotEvent {
  @Matches(/^[0-9a-f-]{36}$/) readonly id!: string;
  /** When the first list was asked for. */
  @IsInt() readonly atMs!: number;
  @IsInt() @Min(0) readonly index!: number;
  @IsInt() @Min(1) readonly count!: number;
  @IsListOf(() => SnapshotBan, 1000) readonly bans!: SnapshotBan[];
}
