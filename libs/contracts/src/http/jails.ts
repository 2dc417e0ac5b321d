/** `inactive`: configured on the host, not enabled. `idle`: reads nothing, expires nothing. */
export type JailStatus = 'running' | 'idle' | 'stopped' | 'inactive';

/** One jail of one host, `GET /api/v1/jails?hosts=`. */
export interface JailInfo {
  readonly hostId: string;
  readonly hostName: string;
  readonly name: string;
  readonly status: JailStatus;
  /** As configured, e.g. `auto`, `systemd`; null when unknown. */
  readonly backend: string | null;
  readonly currentlyBanned: number | null;
  readonly totalBanned: number | null;
  readonly currentlyFailed: number | null;
  readonly totalFailed: number | null;
  readonly findtimeSeconds: number | null;
  /** −1 is permanent. */
  readonly bantimeSeconds: number | null;
  readonly maxretry: number | null;
  /** When the agent reported this. */
  readonly statusAt: string | null;
}
