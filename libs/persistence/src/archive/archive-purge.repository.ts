import type { EntityManager } from 'typeorm';
import { ArchivePurge, ArchiveWatermark, BanEvent, type PurgeReason } from '../entities/index.js';
import { ArchiveChanges } from '../ingest/archive-changes.js';
import { execute, hydrate, isPostgres } from '../sql/dialect.js';
import { ArchiveCount } from './archive-count.js';

/** A copy of the gateway that shows no sign for this long has stopped deleting, milliseconds. */
export const PURGE_LEASE_MS = 30_000;

/** What is to be deleted, and for whom. */
export interface PurgeRequest {
  readonly jobId: string;
  readonly reason: PurgeReason;
  readonly actor: string;
  /** Events older than that go. */
  readonly beforeMs: number;
}

/** How much there is in the archive. */
export interface ArchiveFacts {
  readonly rows: number | null;
  readonly oldestAtMs: number | null;
  readonly newestAtMs: number | null;
}

/**
 * Deletes events, and what was counted of them, in slices that are transactions of their own. Statistics go with their events: a
 * chart never shows what the list can't. Call each method in a transaction.
 */
export class ArchivePurgeRepository {
  constructor(private readonly manager: EntityManager) {}

  async facts(): Promise<ArchiveFacts> {
    const end = async (direction: 'ASC' | 'DESC') => {
      const [row] = await execute<{ at_ms: number }>(
        this.manager,
        `SELECT at_ms FROM ban_event ORDER BY at_ms ${direction}, id ${direction} LIMIT 1`,
        [],
      );
      return row === undefined ? null : Number(row.at_ms);
    };
    const rows = await new ArchiveCount(this.manager).total({});
    return { rows, oldestAtMs: await end('ASC'), newestAtMs: await end('DESC') };
  }

  /** The deletion that runs, or ran last. */
  current(): Promise<ArchivePurge | null> {
    return this.manager.findOneBy(ArchivePurge, { id: 'current' });
  }

  /**
   * Begins a deletion, from when on no event older than `beforeMs` is stored again for the hosts there are.
   * @returns the deletion; undefined when another one is running
   */
  async begin({ jobId, reason, actor, beforeMs }: PurgeRequest, nowMs: number): Promise<ArchivePurge | undefined> {
    const total = await new ArchiveCount(this.manager).total({ toMs: beforeMs });
    const begun = await execute<Record<string, unknown>>(
      this.manager,
      `INSERT INTO archive_purge (id, job_id, reason, state, actor, before_ms, total, deleted, started_at_ms, heartbeat_at_ms, finished_at_ms)
       VALUES ('current', ?, ?, 'running', ?, ?, ?, 0, ?, ?, NULL)
       ON CONFLICT (id) DO UPDATE SET job_id = excluded.job_id, reason = excluded.reason, state = excluded.state,
         actor = excluded.actor, before_ms = excluded.before_ms, total = excluded.total, deleted = 0,
         started_at_ms = excluded.started_at_ms, heartbeat_at_ms = excluded.heartbeat_at_ms, finished_at_ms = NULL
       WHERE archive_purge.state <> 'running'
       RETURNING *`,
      [jobId, reason, actor, beforeMs, total, nowMs, nowMs],
    );
    const [row] = begun;
    if (row === undefined) return undefined;
    await execute(
      this.manager,
      `INSERT INTO archive_watermark (host_id, before_ms) SELECT id, CAST(? AS bigint) FROM host WHERE 1 = 1
       ON CONFLICT (host_id) DO UPDATE SET before_ms = excluded.before_ms
       WHERE archive_watermark.before_ms < excluded.before_ms`,
      [beforeMs],
    );
    return hydrate(this.manager, ArchivePurge, row);
  }

  /** Takes a running deletion over from a copy of the gateway that shows no sign of life. @returns it, when there is one */
  async takeOver(nowMs: number): Promise<ArchivePurge | undefined> {
    const [row] = await execute<Record<string, unknown>>(
      this.manager,
      `UPDATE archive_purge SET heartbeat_at_ms = ? WHERE state = 'running' AND heartbeat_at_ms < ? RETURNING *`,
      [nowMs, nowMs - PURGE_LEASE_MS],
    );
    return row === undefined ? undefined : hydrate(this.manager, ArchivePurge, row);
  }

  /**
   * Deletes the next events of a deletion, the oldest first.
   * @returns the deletion as it is afterwards; undefined when it was cancelled, or is another one by now
   */
  async slice(jobId: string, limit: number, nowMs: number): Promise<ArchivePurge | undefined> {
    const [held] = await execute<Record<string, unknown>>(
      this.manager,
      `UPDATE archive_purge SET heartbeat_at_ms = ? WHERE job_id = ? AND state = 'running' RETURNING *`,
      [nowMs, jobId],
    );
    if (held === undefined) return undefined;
    const { beforeMs } = hydrate(this.manager, ArchivePurge, held);
    const deleted = await this.deleteOldest(beforeMs, limit);
    const [after] = await execute<Record<string, unknown>>(
      this.manager,
      `UPDATE archive_purge SET deleted = deleted + ?, state = CASE WHEN CAST(? AS bigint) < ? THEN 'done' ELSE 'running' END,
         finished_at_ms = CASE WHEN CAST(? AS bigint) < ? THEN CAST(? AS bigint) END WHERE id = 'current' RETURNING *`,
      [deleted, deleted, limit, deleted, limit, nowMs],
    );
    return after === undefined ? undefined : hydrate(this.manager, ArchivePurge, after);
  }

  /** Ends a deletion where it is; what is deleted stays so. @returns it; undefined when it does not run */
  async cancel(jobId: string, nowMs: number): Promise<ArchivePurge | undefined> {
    const [row] = await execute<Record<string, unknown>>(
      this.manager,
      `UPDATE archive_purge SET state = 'cancelled', finished_at_ms = ? WHERE job_id = ? AND state = 'running' RETURNING *`,
      [nowMs, jobId],
    );
    return row === undefined ? undefined : hydrate(this.manager, ArchivePurge, row);
  }

  /** Time before which a host's events were deleted; null when none were. */
  async deletedBefore(hostId: string): Promise<number | null> {
    return (await this.manager.findOneBy(ArchiveWatermark, { hostId }))?.beforeMs ?? null;
  }

  /** @returns how many, fewer than `limit` when none are left */
  private async deleteOldest(beforeMs: number, limit: number): Promise<number> {
    const lock = isPostgres(this.manager) ? ' FOR UPDATE' : '';
    const gone = await execute<Record<string, unknown>>(
      this.manager,
      `DELETE FROM ban_event WHERE id IN (SELECT id FROM ban_event WHERE at_ms < ? ORDER BY at_ms, id LIMIT ${Math.trunc(limit)}${lock})
       RETURNING id, host_id, kind, jail, address, address_sort, at_ms, origin, country, asn`,
      [beforeMs],
    );
    const changes = new ArchiveChanges();
    for (const row of gone) changes.add(hydrate(this.manager, BanEvent, row), -1);
    await changes.apply(this.manager);
    return gone.length;
  }
}
