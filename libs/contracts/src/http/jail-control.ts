import { IsBoolean, IsIn, IsOptional, Matches, ValidateIf } from 'class-validator';
import { JAIL_NAME } from './bans.js';

/** What can be done to a jail or to all of them. `-all` and `server` take no jail. */
export const JAIL_ACTS = [
  'start',
  'stop',
  'idle-on',
  'idle-off',
  'reload',
  'restart',
  'reload-all',
  'restart-all',
  'restart-server',
] as const;
export type JailActKind = (typeof JAIL_ACTS)[number];
/** Acts that name no jail. */
export const WHOLE_SERVER_ACTS: readonly JailActKind[] = ['reload-all', 'restart-all', 'restart-server'];

/** `POST /api/v1/hosts/{hostId}/jail-acts` and `…/jail-acts/preview`. */
export class JailAct {
  @IsIn(JAIL_ACTS) readonly act!: JailActKind;
  /** Required unless the act is about the whole server. */
  @ValidateIf(({ act, jail }: JailAct) => jail !== undefined || !WHOLE_SERVER_ACTS.includes(act))
  @Matches(JAIL_NAME)
  readonly jail?: string;
  /** With reload and restart: lifts the bans for good and deletes the jail's history in fail2ban's own database. */
  @IsOptional() @IsBoolean() readonly unban?: boolean;
  /** With reload and restart of one jail: starts it when it does not run. */
  @IsOptional() @IsBoolean() readonly ifExists?: boolean;
}

/** What will happen to the bans of one jail. */
export interface JailActEffect {
  readonly jail: string;
  /** What becomes of the jail itself. */
  readonly becomes: 'runs' | 'starts' | 'stops' | 'pauses' | 'resumes';
  readonly banned: number;
  /** Taken out of the firewall. */
  readonly lifted: number;
  /** Put back by fail2ban from its own database. */
  readonly rebanned: number;
}

/** A speed that was measured on this host. */
export interface JailActRate {
  readonly jail: string;
  /** `lift`: bans lifted by a stopping jail. `restore`: bans put back. `ban`, `unban`: single commands. */
  readonly kind: 'lift' | 'restore' | 'ban' | 'unban';
  readonly perSecond: number;
  /** How many bans the measure rests on. */
  readonly bans: number;
  readonly at: string;
}

/** Things to know before it is done. */
export const JAIL_ACT_WARNINGS = [
  'actions-not-changed',
  /** Another backend: a reload stops and starts this jail. */
  'backend-changes',
  'jail-disappears',
  'jail-appears',
  'history-deleted',
  'idle-ends',
  'idle-keeps-bans',
  'not-persistent',
  'bans-lost',
  'no-database',
  /** A name that commands misread: the bans of this jail are not counted. */
  'unsafe-name',
] as const;
export type JailActWarningCode = (typeof JAIL_ACT_WARNINGS)[number];

export interface JailActWarning {
  readonly code: JailActWarningCode;
  readonly jail: string | null;
  readonly detail: string | null;
}

/** A gentler command that does the same. */
export interface JailActCheaper {
  readonly act: JailActKind;
  readonly jail: string | null;
  readonly command: string;
}

/** `POST …/jail-acts/preview`: nothing is changed. */
export interface JailActPreview {
  readonly act: JailActKind;
  /** As one would type it. */
  readonly command: string;
  readonly effects: readonly JailActEffect[];
  /** Estimated seconds; null while nothing was measured. */
  readonly estimateSeconds: number | null;
  readonly rates: readonly JailActRate[];
  /** Whether every action lifts all bans with one command of its own (`actionflush`). */
  readonly isFlush: boolean;
  readonly warnings: readonly JailActWarning[];
  readonly cheaper: JailActCheaper | null;
  /** fail2ban's own words on why it would refuse; nothing can be done then. */
  readonly refusal: string | null;
}

/** `POST …/jail-acts` (202) and `GET …/jail-acts/{id}`. */
export interface JailActState {
  readonly id: string;
  readonly hostId: string;
  readonly act: JailActKind;
  readonly jail: string | null;
  readonly unban: boolean;
  readonly state: 'running' | 'done' | 'failed';
  readonly phase: 'checking' | 'working' | 'restoring' | 'ended';
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Bans in force before, in what the act is about. */
  readonly bannedBefore: number;
  /** Bans in force now. */
  readonly bannedNow: number | null;
  /** Bans that fail2ban is to put back. */
  readonly toRestore: number;
  /** Problem code and fail2ban's own words, when it failed. */
  readonly code: string | null;
  readonly detail: string | null;
  /** Jails that run at the end. */
  readonly runningJails: readonly string[];
  /** Jails that ran before and do not any more. */
  readonly lostJails: readonly string[];
}
