import type { ActiveBan } from './bans.js';
import type { BulkJob } from './bulk.js';
import type { ConsoleLine } from './console.js';
import type { HistoryEntry } from './history.js';
import type { HostInfo } from './hosts.js';
import type { JailActState } from './jail-control.js';

/**
 * Messages of the live feed, `GET /api/live?since=<feedId>` (WebSocket; session cookie and same origin checked at upgrade).
 * `feedId` grows with every ban and unban stored; a client that reconnects passes the last one it saw and gets what it missed
 * first. When too much was missed, `resync` says: load the lists again.
 */
export type LiveMessage =
  | { readonly type: 'ready'; readonly feedId: string; readonly at: string }
  | {
      readonly type: 'ban_event';
      readonly feedId: string;
      readonly event: HistoryEntry;
      readonly active: ActiveBan | null;
    }
  | { readonly type: 'unban_event'; readonly feedId: string; readonly event: HistoryEntry }
  | {
      readonly type: 'found_event';
      readonly hostId: string;
      readonly jail: string;
      readonly address: string;
      readonly at: string;
    }
  | { readonly type: 'host_status'; readonly host: HostInfo }
  | { readonly type: 'jail_act'; readonly act: JailActState }
  | {
      readonly type: 'geo_resolved';
      readonly entries: readonly {
        readonly address: string;
        readonly country: string | null;
        readonly asn: number | null;
        readonly asName: string | null;
      }[];
    }
  /** A look-up about an address was answered. */
  | { readonly type: 'lookup_answered'; readonly address: string }
  /** A list that is being banned or unbanned moved on. */
  | { readonly type: 'bulk_job'; readonly job: BulkJob }
  | {
      /** What was said of bans by hand: shown on them, also on those that arrive a moment later. */
      readonly type: 'ban_noted';
      readonly hostId: string;
      readonly bans: readonly { readonly jail: string; readonly address: string }[];
      readonly reason: string | null;
      /** null: permanent; absent: as long as the jail says. */
      readonly expiresAt?: string | null;
    }
  | { readonly type: 'preferences_changed' }
  /** Lines of the gateway's log, in debug mode and to administrators only; never sent again. `dropped`: lost before them. */
  | { readonly type: 'console_log'; readonly lines: readonly ConsoleLine[]; readonly dropped: number }
  | { readonly type: 'resync' }
  | { readonly type: 'heartbeat'; readonly at: string };

/** Close codes of the live feed. */
export const LIVE_CLOSE = { sessionEnded: 4401, forbiddenOrigin: 4403, shuttingDown: 1012 } as const;
