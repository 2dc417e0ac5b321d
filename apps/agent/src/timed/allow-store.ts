import type { AllowSyncEntry } from '@bailiff/contracts/agent';
import { parseNetwork, type IpNetwork } from '@bailiff/ip';
import type { StateDatabase } from '../state/state-database.js';

/** Who is never to be banned, as far as this host is concerned. */
export interface AllowedNetwork {
  readonly id: string;
  readonly address: IpNetwork;
  /** null: every jail. */
  readonly jails: readonly string[] | null;
  /** Milliseconds since the epoch; null: until it is removed. */
  readonly untilMs: number | null;
}

/** Something that was put into a jail's ignore list because of an allow entry. */
export interface AppliedAllow {
  readonly jail: string;
  readonly address: IpNetwork;
  /** Whether the jail ignored it before, for reasons of its own. */
  readonly wasThere: boolean;
}

/** Allow entries on disk, and what was done because of them. */
export class AllowStore {
  readonly #all;
  readonly #put;
  readonly #clear;
  readonly #remove;
  readonly #applied;
  readonly #apply;
  readonly #unapply;

  constructor(private readonly state: StateDatabase) {
    const { durable } = state;
    this.#all = durable.prepare('SELECT id, address, jails, until_ms FROM allow_entry ORDER BY id');
    this.#put = durable.prepare(
      'INSERT OR REPLACE INTO allow_entry (id, address, jails, until_ms) VALUES (?, ?, ?, ?)',
    );
    this.#clear = durable.prepare('DELETE FROM allow_entry');
    this.#remove = durable.prepare('DELETE FROM allow_entry WHERE id = ?');
    this.#applied = durable.prepare('SELECT jail, address, was_there FROM allow_applied');
    this.#apply = durable.prepare('INSERT OR REPLACE INTO allow_applied (jail, address, was_there) VALUES (?, ?, ?)');
    this.#unapply = durable.prepare('DELETE FROM allow_applied WHERE jail = ? AND address = ?');
  }

  all(): AllowedNetwork[] {
    return this.#all.all().map((row) => ({
      id: String(row['id']),
      address: parseNetwork(String(row['address'])),
      jails: row['jails'] === null ? null : (JSON.parse(String(row['jails'])) as string[]),
      untilMs: row['until_ms'] === null ? null : Number(row['until_ms']),
    }));
  }

  /** Makes these all there are, or leaves everything as it was. */
  replace(entries: readonly AllowSyncEntry[]): void {
    const { durable } = this.state;
    durable.exec('BEGIN IMMEDIATE');
    try {
      this.#clear.run();
      for (const { id, address, jails, expiresAtMs } of entries)
        this.#put.run(
          id,
          parseNetwork(address),
          jails === undefined ? null : JSON.stringify(jails),
          expiresAtMs ?? null,
        );
      durable.exec('COMMIT');
    } catch (error) {
      if (durable.isTransaction) durable.exec('ROLLBACK');
      throw error;
    }
  }

  remove(id: string): void {
    this.#remove.run(id);
  }

  applied(): AppliedAllow[] {
    return this.#applied.all().map((row) => ({
      jail: String(row['jail']),
      address: parseNetwork(String(row['address'])),
      wasThere: Number(row['was_there']) === 1,
    }));
  }

  apply({ jail, address, wasThere }: AppliedAllow): void {
    this.#apply.run(jail, address, wasThere ? 1 : 0);
  }

  unapply(jail: string, address: string): void {
    this.#unapply.run(jail, address);
  }
}
