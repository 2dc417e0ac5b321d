import type { EntityManager } from 'typeorm';
import { AuditPending, GatewayInstance } from '../entities/index.js';
import { execute } from '../sql/dialect.js';

/** What can be seen of a gateway that runs or that acts wait for. */
export interface GatewaySign {
  readonly id: string;
  /** Null: there is no such gateway, only acts that name it. */
  readonly beats: number | null;
}

/** Which gateways live, as each says itself. */
export class GatewayInstanceRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Says that a gateway lives. */
  async beat(id: string, hostname: string, nowMs: number): Promise<void> {
    await execute(
      this.manager,
      `INSERT INTO gateway_instance (id, beats, seen_at_ms, hostname)
       VALUES (CAST(? AS text), 1, CAST(? AS bigint), CAST(? AS text))
       ON CONFLICT (id) DO UPDATE SET beats = gateway_instance.beats + 1, seen_at_ms = excluded.seen_at_ms`,
      [id, nowMs, hostname],
    );
  }

  /** Every gateway that is known or waited with. */
  async signs(): Promise<GatewaySign[]> {
    const rows = await execute<{ id: string; beats: number | null }>(
      this.manager,
      `SELECT id, beats FROM gateway_instance
       UNION ALL SELECT DISTINCT gateway_id, CAST(NULL AS bigint) FROM audit_pending
         WHERE gateway_id NOT IN (SELECT id FROM gateway_instance)`,
      [],
    );
    return rows.map(({ id, beats }) => ({ id, beats: beats === null ? null : Number(beats) }));
  }

  /**
   * Strikes a gateway off unless it gave a sign since. Inside the transaction that settles its acts.
   * @returns whether it is gone
   */
  async strike({ id, beats }: GatewaySign): Promise<boolean> {
    if (beats !== null) await this.manager.delete(GatewayInstance, { id, beats });
    return !(await this.manager.existsBy(GatewayInstance, { id }));
  }

  /** Acts that wait with a gateway, oldest first. */
  async waitingWith(id: string, limit: number): Promise<number[]> {
    const rows = await this.manager.find(AuditPending, {
      where: { gatewayId: id },
      order: { entryId: 'ASC' },
      take: limit,
    });
    return rows.map(({ entryId }) => entryId);
  }
}
