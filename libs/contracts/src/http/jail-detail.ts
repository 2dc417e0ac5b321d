import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import type { JailStatus } from './jails.js';

/** How dates are found in lines; `pattern` is null for fail2ban's own detectors. */
export interface JailDatePattern {
  readonly pattern: string | null;
  readonly name: string;
}

/**
 * Settings of one jail. null: fail2ban has none, or could not tell (then its name is in `unknown` of the detail).
 * Regexes are as fail2ban expanded them.
 */
export interface JailSettings {
  readonly maxretry: number | null;
  readonly findtimeSeconds: number | null;
  /** −1 is permanent. */
  readonly bantimeSeconds: number | null;
  readonly maxmatches: number | null;
  readonly maxlines: number | null;
  readonly usedns: string | null;
  readonly logencoding: string | null;
  readonly logtimezone: string | null;
  readonly datepattern: JailDatePattern | null;
  readonly prefregex: string | null;
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  readonly journalmatch: readonly string[];
  readonly ignoreself: boolean | null;
  readonly ignorecommand: string | null;
  readonly ignorecache: string | null;
}

/** Longer bans for those who come back (`bantime.*`). */
export interface JailEscalation {
  readonly increment: boolean | null;
  readonly factor: string | null;
  readonly formula: string | null;
  readonly multipliers: string | null;
  readonly maxtimeSeconds: number | null;
  readonly rndtimeSeconds: number | null;
  readonly overalljails: boolean | null;
}

/** A log file a jail reads. */
export interface JailLogFile {
  readonly path: string;
  readonly exists: boolean;
  /** Whether the user fail2ban runs as may read it; null when that cannot be told. */
  readonly isReadableByFail2ban: boolean | null;
  /** Whether the Log tab may show it: the agent can read it and the host's policy (`logRoots`) allows it. */
  readonly isShown: boolean;
  /** Why not. */
  readonly reason: string | null;
  readonly sizeBytes: number | null;
  readonly modifiedAt: string | null;
  readonly lastLine: string | null;
  /** Time that stands in the last line, when its form is a known one. */
  readonly lastLineAt: string | null;
}

/** One property of an action; commands are text, never run from here. */
export interface JailActionProperty {
  readonly name: string;
  readonly value: string;
}

export interface JailAction {
  readonly name: string;
  readonly properties: readonly JailActionProperty[];
  readonly methods: readonly string[];
}

/** `GET /api/v1/hosts/{hostId}/jails/{jail}`: everything about one jail, asked of its fail2ban now. */
export interface JailDetail {
  readonly hostId: string;
  readonly hostName: string;
  readonly name: string;
  readonly status: JailStatus;
  /** `running`: as the server has it now. `configuration`: the jail does not run; this is what its files say. */
  readonly source: 'running' | 'configuration';
  readonly backend: string | null;
  readonly fail2banVersion: string | null;
  /** When the agent asked. */
  readonly at: string;
  readonly settings: JailSettings;
  readonly escalation: JailEscalation;
  readonly logFiles: readonly JailLogFile[];
  readonly actions: readonly JailAction[];
  /** Settings that this version of fail2ban could not tell. */
  readonly unknown: readonly string[];
  /** What else should be known, e.g. that lists were cut or time ran out. */
  readonly notes: readonly string[];
}

/** `GET /api/v1/hosts/{hostId}/jails/{jail}/log`: the end of one log file of the jail. */
export class JailLogQuery {
  /** A path that the jail's detail lists; absent: the first that may be shown. */
  @IsOptional() @IsString() @Length(1, 4096) readonly file?: string;
  /** Lines, 200 unless told. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) readonly lines?: number;
  /** Only lines that hold this text, whatever the case. */
  @IsOptional() @IsString() @Length(1, 200) readonly q?: string;
}

/** Text of a log file's end. Everything in it was written by others. */
export interface JailLogTail {
  readonly path: string;
  readonly lines: readonly JailLogLine[];
  readonly sizeBytes: number;
  /** Bytes from the end that were looked at. */
  readonly readBytes: number;
  /** Whether the file goes on before what was looked at. */
  readonly isCut: boolean;
  readonly at: string;
}

export interface JailLogLine {
  readonly text: string;
  /** An address in it that this jail bans now; null when there is none. */
  readonly banned: string | null;
}

/** `GET /api/v1/jails/failures?hosts=`: failures of the last 24 hours a jail, by hour, oldest first. */
export interface JailFailures {
  readonly hostId: string;
  readonly jail: string;
  readonly hours: readonly number[];
}
