import { ArrayMaxSize, ArrayUnique, IsOptional, IsString, Length, Matches } from 'class-validator';

/** Command groups a host's own administrator grants in the agent's `policy.json`. */
export const POLICY_GROUPS = ['read', 'ban', 'firewall', 'config', 'raw'] as const;
export type PolicyGroup = (typeof POLICY_GROUPS)[number];

/** `pending`: enrolled, no signed hello yet. `online`/`offline` by signed heartbeats. */
export type HostState = 'pending' | 'online' | 'offline' | 'revoked';

/** fail2ban on a host as last reported. */
export interface Fail2banSummary {
  readonly reachable: boolean;
  /** Why it is not reachable, safe to show. */
  readonly reason: string | null;
  readonly version: string | null;
  /** Jails that run. */
  readonly activeJails: number;
  readonly currentlyBanned: number;
  /** Since fail2ban started. */
  readonly totalBanned: number;
  readonly currentlyFailed: number;
  readonly totalFailed: number;
}

export interface HostInfo {
  /** 16 lower-case hex characters. */
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly state: HostState;
  readonly hostname: string;
  readonly agentVersion: string | null;
  readonly fingerprint: string;
  /** RFC 3339; last signed message. */
  readonly lastSeenAt: string | null;
  /** Host clock minus gateway clock, milliseconds. */
  readonly clockSkewMs: number | null;
  readonly groups: readonly PolicyGroup[];
  readonly fail2ban: Fail2banSummary | null;
  /** When `fail2ban` was reported. */
  readonly statusAt: string | null;
  /** Messages that were refused: forged, replayed, missing. */
  readonly alarms: number;
  readonly enrolledAt: string;
}

/** `PATCH /api/v1/hosts/{hostId}`. */
export class HostPatch {
  @IsOptional() @IsString() @Length(1, 80) readonly name?: string;
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9-]{0,30}$/, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(20)
  readonly tags?: string[];
}

/**
 * Where an agent posts its `EnrolmentRequest` (libs/agent-channel) and gets its `EnrolmentAnswer`, below the gateway's base
 * URL: no session and no cookie, the one-time token inside is all the proof there is.
 */
export const ENROLMENT_PATH = 'api/enrol';

/** `POST /api/v1/enrolment-tokens`: shown once, one use, 15 minutes. */
export interface CreatedEnrolmentToken {
  readonly id: string;
  /** `id.secret`; typed at the prompt of the command below, never an argument. */
  readonly token: string;
  readonly expiresAt: string;
  /** The one command to run on the host as root. */
  readonly command: string;
}

/** `GET /api/v1/enrolment-tokens/{id}`: polled by 'add host' until it turns green. */
export interface EnrolmentTokenStatus {
  readonly id: string;
  readonly state: 'open' | 'pending' | 'enrolled' | 'expired';
  readonly host: HostInfo | null;
}

/** `GET /api/v1/hosts/{hostId}/alarms`. */
export interface HostAlarm {
  readonly at: string;
  readonly code: string;
  readonly detail: string;
}

/** `GET /api/v1/status?hosts=`: the status strip. */
export interface FleetStatus {
  readonly hosts: { readonly total: number; readonly online: number };
  readonly fail2banVersions: readonly string[];
  readonly activeJails: number;
  readonly currentlyBanned: number;
  readonly totalBanned: number;
  readonly currentlyFailed: number;
  readonly totalFailed: number;
  /** Oldest of the reports summed here. */
  readonly statusAt: string | null;
}
