import { setImmediate } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { NEVER_MS } from '../columns.js';
import type { Host } from '../entities/index.js';
import { addressSortKey } from '../sql/address-sort.js';
import { execute, rowParameter, rowSource, storableText } from '../sql/dialect.js';
import type { IngestSnapshot } from './ingest-batch.js';

/** Rows handled before other work gets its turn: SQLite runs on the event loop, which nothing may hold for long. */
const SLICE = 1000;
/** Bans carry whole seconds: one this close to the listing may be younger than it. */
const TIE_MS = 1000;

const STAGED = {
  jail: 'text',
  address: 'text',
  address_sort: 'text',
  banned_at_ms: 'bigint',
  expires_at_ms: 'bigint',
  ban_count: 'bigint',
  origin: 'text',
} as const;

interface Key {
  readonly jail: string;
  readonly address: string;
}

/** Stages the chunks of a host's snapshot and puts it in place after the last, inside the caller's transaction. */
export class SnapshotIngest {
  constructor(
    private readonly manager: EntityManager,
    private readonly host: Host,
  ) {}

  /**
   * Takes one chunk. Chunks come in order; a chunk of a snapshot whose beginning was missed is ignored, as the agent sends a
   * new snapshot after every gap.
   * @returns what changed when this was the last chunk, else null
   */
  async add(snapshot: IngestSnapshot): Promise<{ added: number; removed: number } | null> {
    if (snapshot.index === 0) await this.restart(snapshot.id);
    if (this.host.snapshotId !== snapshot.id || this.host.snapshotNextIndex !== snapshot.index) return null;
    await this.stage(snapshot);
    this.host.snapshotNextIndex += 1;
    if (snapshot.index !== snapshot.count - 1) return null;
    const removed = await this.removeUnlisted(snapshot.atMs);
    const added = await this.writeListed(snapshot.atMs);
    await this.restart(null);
    return { added, removed };
  }

  private async restart(id: string | null): Promise<void> {
    await execute(this.manager, 'DELETE FROM snapshot_ban WHERE host_id = ?', [this.host.id]);
    this.host.snapshotId = id;
    this.host.snapshotNextIndex = 0;
  }

  private async stage({ bans }: IngestSnapshot): Promise<void> {
    if (bans.length === 0) return;
    const byKey = new Map(bans.map((ban) => [`${ban.jail}\n${ban.address}`, ban]));
    const rows = Array.from(byKey.values(), (ban) => ({
      jail: storableText(ban.jail),
      address: storableText(ban.address),
      address_sort: addressSortKey(storableText(ban.address)),
      banned_at_ms: ban.bannedAtMs,
      expires_at_ms: ban.expiresAtMs ?? NEVER_MS,
      ban_count: ban.banCount,
      origin: ban.origin ?? null,
    }));
    await execute(
      this.manager,
      `INSERT INTO snapshot_ban (host_id, jail, address, address_sort, banned_at_ms, expires_at_ms, ban_count, origin)
       SELECT CAST(? AS text), e.jail, e.address, e.address_sort, e.banned_at_ms, e.expires_at_ms, e.ban_count, e.origin
       FROM ${rowSource(this.manager, 'e', STAGED)} WHERE 1 = 1
       ON CONFLICT (host_id, jail, address) DO UPDATE SET banned_at_ms = excluded.banned_at_ms,
         expires_at_ms = excluded.expires_at_ms, ban_count = excluded.ban_count, origin = excluded.origin`,
      [this.host.id, rowParameter(STAGED, rows)],
    );
  }

  /** Drops current bans that no chunk named, except those that may be younger than the listing. */
  private async removeUnlisted(atMs: number): Promise<number> {
    let removed = 0;
    for await (const keys of this.slices('active_ban')) {
      const last = keys.at(-1);
      const gone = await execute<unknown>(
        this.manager,
        `DELETE FROM active_ban WHERE host_id = ? AND (jail, address) >= (?, ?) AND (jail, address) <= (?, ?) AND banned_at_ms <= ?
           AND NOT EXISTS (SELECT 1 FROM snapshot_ban s
             WHERE s.host_id = active_ban.host_id AND s.jail = active_ban.jail AND s.address = active_ban.address)
         RETURNING id`,
        [this.host.id, keys[0]?.jail, keys[0]?.address, last?.jail, last?.address, atMs - TIE_MS],
      );
      removed += gone.length;
    }
    return removed;
  }

  /** Writes what the snapshot names, except bans that were lifted after it was taken. */
  private async writeListed(atMs: number): Promise<number> {
    let written = 0;
    for await (const keys of this.slices('snapshot_ban')) {
      const last = keys.at(-1);
      const changed = await execute<unknown>(
        this.manager,
        `INSERT INTO active_ban (host_id, jail, address, address_sort, banned_at_ms, expires_at_ms, ban_count, origin, country)
         SELECT s.host_id, s.jail, s.address, s.address_sort, s.banned_at_ms, s.expires_at_ms, s.ban_count,
           coalesce(s.origin, 'selfblock'), g.country
         FROM snapshot_ban s LEFT JOIN geo_address g ON g.address = s.address
         WHERE s.host_id = ? AND (s.jail, s.address) >= (?, ?) AND (s.jail, s.address) <= (?, ?)
           AND NOT EXISTS (SELECT 1 FROM ban_event u WHERE u.host_id = s.host_id AND u.at_ms >= ? AND u.kind = 'unban'
             AND u.jail = s.jail AND u.address = s.address)
         ON CONFLICT (host_id, jail, address) DO UPDATE SET banned_at_ms = excluded.banned_at_ms,
           expires_at_ms = excluded.expires_at_ms, ban_count = excluded.ban_count
         WHERE excluded.banned_at_ms >= active_ban.banned_at_ms AND (excluded.banned_at_ms <> active_ban.banned_at_ms
           OR excluded.expires_at_ms <> active_ban.expires_at_ms OR excluded.ban_count <> active_ban.ban_count)
         RETURNING id`,
        [this.host.id, keys[0]?.jail, keys[0]?.address, last?.jail, last?.address, atMs],
      );
      written += changed.length;
    }
    return written;
  }

  /** The host's rows of a table, a slice at a time in key order; the caller may delete what it was given. */
  private async *slices(table: 'active_ban' | 'snapshot_ban'): AsyncGenerator<Key[]> {
    let after: Key | undefined;
    for (;;) {
      const keys: Key[] = await execute<Key>(
        this.manager,
        `SELECT jail, address FROM ${table} WHERE host_id = ? AND (jail, address) > (?, ?)
         ORDER BY jail, address LIMIT ${SLICE}`,
        [this.host.id, after?.jail ?? '', after?.address ?? ''],
      );
      if (keys.length === 0) return;
      yield keys;
      after = keys.at(-1);
      await setImmediate();
    }
  }
}
