import { BanDatabase } from '../history-feed/ban-database.js';
import { AgentError } from '../state/agent.error.js';

/**
 * Which addresses fail2ban's own file has as banned: only a hint (it is written a moment later, and does not know of changed
 * ban times), but one that costs fail2ban nothing, unlike asking it. Its answers are then told apart by their counts.
 */
export class BannedHints {
  #database: BanDatabase | undefined;

  /** @param path where fail2ban's database is right now; undefined when it has none */
  constructor(private readonly path: () => string | undefined) {}

  /** @param beforeSeconds only bans made before this time, seconds since the epoch */
  among(jail: string, addresses: readonly string[], beforeSeconds?: number): ReadonlySet<string> {
    const path = this.path();
    if (path === undefined) return new Set();
    if (this.#database?.path !== path) {
      this.close();
      this.#database = new BanDatabase(path);
    }
    try {
      return this.#database.bannedAmong(jail, addresses, beforeSeconds);
    } catch (error) {
      if (error instanceof AgentError) return new Set();
      throw error;
    }
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }
}
