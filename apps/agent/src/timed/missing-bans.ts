import type { Fail2banClient } from '@bailiff/fail2ban-protocol';
import { BanDatabase, DatabaseUnusableError, type BanRecord } from '../history-feed/ban-database.js';
import type { TimedBan } from './timed-ban-store.js';

/** fail2ban's times are whole seconds. */
const TIE_MS = 1_500;
/** fail2ban writes bans down a while after it made them, and not to the disk: a crash takes the last ones along. */
const WRITTEN_MS = 120_000;
/** How long the age at which fail2ban forgets is remembered. */
const PURGE_AGE_MS = 60_000;

/** fail2ban's own record of a ban; `absent`: it has none; `unknown`: its database cannot be read. */
export type Recorded = BanRecord | 'absent' | 'unknown';

/**
 * Finds out why a ban that should be in force is not. An unban by hand deletes the address from fail2ban's own database; the
 * end of its time, and the stop of fail2ban or of the jail, do not. To look there costs fail2ban nothing.
 */
export class MissingBans {
  #database: BanDatabase | undefined;
  #purgeAge: { readonly ms: number; readonly atMs: number } | undefined;

  constructor(
    private readonly client: Fail2banClient,
    private readonly databasePath: () => string | undefined,
  ) {}

  /** @throws {DatabaseBusyError} ask again in a moment */
  record({ jail, address }: Pick<TimedBan, 'jail' | 'address'>): Recorded {
    const path = this.databasePath();
    if (path === undefined) return 'unknown';
    try {
      return this.#open(path).latest(jail, address) ?? 'absent';
    } catch (error) {
      if (error instanceof DatabaseUnusableError) return 'unknown';
      throw error;
    }
  }

  /**
   * Whether somebody lifted the ban on purpose. Where fail2ban's database cannot tell (there is none, or what it held was old
   * enough to be purged) the moment does: after a start, or when its time was over, a ban went by itself.
   * @param isAfterStart whether fail2ban or a jail may have started since it was last seen
   */
  async isByHand(
    { fromMs, endsMs }: TimedBan,
    recorded: Recorded,
    nowMs: number,
    isAfterStart: boolean,
  ): Promise<boolean> {
    // Never seen banned yet.
    if (endsMs === 0 || typeof recorded === 'object') return false;
    if (recorded === 'absent' && nowMs - fromMs < (await this.#purgeAgeMs()))
      return !isAfterStart || nowMs - fromMs > WRITTEN_MS;
    return !isAfterStart && nowMs < (endsMs ?? Infinity) - TIE_MS;
  }

  /**
   * Whether fail2ban banned the address again for reasons of its own after our ban's time was over.
   * @throws {DatabaseBusyError} ask again in a moment
   */
  isBannedAnew(ban: TimedBan): boolean {
    const recorded = this.record(ban);
    return typeof recorded === 'object' && ban.untilMs !== null && recorded.atSeconds * 1_000 > ban.untilMs + TIE_MS;
  }

  close(): void {
    this.#database?.close();
  }

  async #purgeAgeMs(): Promise<number> {
    const nowMs = performance.now();
    if (this.#purgeAge === undefined || nowMs - this.#purgeAge.atMs > PURGE_AGE_MS)
      this.#purgeAge = { ms: ((await this.client.settings.dbpurgeage()) ?? 0) * 1_000, atMs: nowMs };
    return this.#purgeAge.ms;
  }

  #open(path: string): BanDatabase {
    if (this.#database?.path !== path) {
      this.#database?.close();
      this.#database = new BanDatabase(path);
    }
    return this.#database;
  }
}
