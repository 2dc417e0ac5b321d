import type { Fail2banClient } from '@bailiff/fail2ban-protocol';
import { BanDatabase, DatabaseUnusableError } from '../history-feed/ban-database.js';
import type { TimedBan } from './timed-ban-store.js';

/** fail2ban's times are whole seconds. */
const TIE_MS = 1_500;

/**
 * Finds out why a ban that should be in force is not. An unban by hand deletes the address from fail2ban's own database; the
 * end of its time, and the stop of fail2ban or of the jail, do not.
 */
export class MissingBans {
  #database: BanDatabase | undefined;

  constructor(
    private readonly client: Fail2banClient,
    private readonly databasePath: () => string | undefined,
  ) {}

  /**
   * Whether somebody lifted the ban on purpose. Where fail2ban's database cannot tell (there is none, or what it held was old
   * enough to be purged) the moment does: after a start, or when its time was over, a ban went by itself.
   * @param isAfterStart whether fail2ban or a jail may have started since it was last seen
   * @throws {DatabaseBusyError} ask again in a moment
   */
  async isByHand({ jail, address, fromMs, endsMs }: TimedBan, nowMs: number, isAfterStart: boolean): Promise<boolean> {
    // Never seen banned yet.
    if (endsMs === 0) return false;
    const row = this.#read(jail, address);
    if (typeof row === 'number') return false;
    if (row === 'absent' && nowMs - fromMs < (await this.#purgeAgeMs())) return true;
    return !isAfterStart && nowMs < (endsMs ?? Infinity) - TIE_MS;
  }

  /**
   * Whether fail2ban banned the address again for reasons of its own after our ban's time was over.
   * @throws {DatabaseBusyError} ask again in a moment
   */
  isBannedAnew({ jail, address, untilMs }: TimedBan): boolean {
    const row = this.#read(jail, address);
    return typeof row === 'number' && untilMs !== null && row * 1_000 > untilMs + TIE_MS;
  }

  close(): void {
    this.#database?.close();
  }

  /** Seconds of the latest ban that fail2ban's database knows. */
  #read(jail: string, address: string): number | 'absent' | 'unknown' {
    const path = this.databasePath();
    if (path === undefined) return 'unknown';
    try {
      return this.#open(path).latestSeconds(jail, address) ?? 'absent';
    } catch (error) {
      if (error instanceof DatabaseUnusableError) return 'unknown';
      throw error;
    }
  }

  async #purgeAgeMs(): Promise<number> {
    return ((await this.client.settings.dbpurgeage()) ?? 0) * 1_000;
  }

  #open(path: string): BanDatabase {
    if (this.#database?.path !== path) {
      this.#database?.close();
      this.#database = new BanDatabase(path);
    }
    return this.#database;
  }
}
