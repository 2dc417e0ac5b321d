import type { ActiveBan, BanEvent, Host } from '../entities/index.js';

/** One ban, unban or failure as an agent reported it. */
export interface IngestTicket {
  readonly kind: 'ban' | 'unban' | 'found';
  readonly jail: string;
  readonly address: string;
  readonly atMs: number;
  /** Of a failure: its place among all that this host ever told, growing. Known ones are not counted again. */
  readonly number?: number | undefined;
  /** Seconds, −1 permanent. */
  readonly bantimeSeconds?: number | undefined;
  readonly banCount?: number | undefined;
  readonly failures?: number | undefined;
  readonly origin?: string | undefined;
  readonly matches?: readonly string[] | undefined;
  /** What `matches` say, as far as they are understood. */
  readonly service?: string | undefined;
  readonly requestUrl?: string | undefined;
  readonly targetDomain?: string | undefined;
  readonly targetSubdomain?: string | undefined;
}

/** A part of everything banned on a host. */
export interface IngestSnapshot {
  readonly id: string;
  /** When the first list was asked for. */
  readonly atMs: number;
  readonly index: number;
  readonly count: number;
  readonly bans: readonly {
    readonly jail: string;
    readonly address: string;
    readonly bannedAtMs: number;
    /** null or absent: permanent. */
    readonly expiresAtMs?: number | null | undefined;
    readonly banCount: number;
    readonly origin?: string | undefined;
  }[];
}

/** fail2ban's state as reported, with every jail. */
export interface IngestStatus {
  readonly atMs: number;
  /** Kept as it is in `host.status`. */
  readonly summary: object;
  readonly fail2banVersion: string | null;
  readonly socketPath: string | null;
  /** `undefined`: fail2ban was not reachable, so the jails known before stay. */
  readonly jails?:
    | readonly {
        readonly name: string;
        readonly status: string;
        readonly backend?: string | undefined;
        readonly currentlyBanned?: number | undefined;
        readonly totalBanned?: number | undefined;
        readonly currentlyFailed?: number | undefined;
        readonly totalFailed?: number | undefined;
        readonly findtimeSeconds?: number | undefined;
        readonly bantimeSeconds?: number | undefined;
        readonly maxretry?: number | undefined;
      }[]
    | undefined;
}

/** What an agent said of itself at the start of a session. */
export interface IngestHello {
  readonly agentVersion: string;
  readonly hostname: string;
  readonly groups: readonly string[];
  readonly fail2banVersion?: string | undefined;
  readonly socketPath?: string | undefined;
}

/** Position of the channel, stored with what it brought. */
export interface StoredSession {
  readonly sid: string;
  readonly boot: number;
  readonly seq: number;
  /** Id of the stream entry read last. */
  readonly position: string;
}

/** Verified messages of one agent, to be stored together or not at all. */
export interface IngestBatch {
  readonly hostId: string;
  readonly nowMs: number;
  readonly session: StoredSession;
  readonly hello?: IngestHello | undefined;
  /** Host clock minus gateway clock, milliseconds. */
  readonly clockSkewMs?: number | undefined;
  /** In the order the agent sent them. */
  readonly steps: readonly IngestStep[];
}

export type IngestStep =
  | { readonly type: 'tickets'; readonly tickets: readonly IngestTicket[] }
  | { readonly type: 'snapshot'; readonly snapshot: IngestSnapshot }
  | { readonly type: 'status'; readonly status: IngestStatus };

/** A row that was new, with the current ban it made. */
export interface StoredEvent {
  readonly event: BanEvent;
  /** null for an unban, and for a ban that is over already. */
  readonly active: ActiveBan | null;
}

/** What a batch changed. */
export interface IngestResult {
  /** Only rows that were not in the archive before, in feed order: live pushes these. */
  readonly events: readonly StoredEvent[];
  /** Failures as they came; they are counted, not archived. */
  readonly failures: readonly IngestTicket[];
  /** Set when a snapshot was completed and put in place. */
  readonly snapshot: { readonly added: number; readonly removed: number } | null;
  /** The host after the batch. */
  readonly host: Host;
}
