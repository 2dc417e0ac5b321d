import { type EntityManager, LessThanOrEqual } from 'typeorm';
import { AllowEntry, AllowHost } from '../entities/index.js';
import { execute } from '../sql/dialect.js';

/** What a host answered about one entry. */
export type AllowAnswer = Pick<AllowHost, 'entryId' | 'revision' | 'state' | 'detail'>;

/** Allow entries: what is wanted, and what hosts said became of it. */
export class AllowRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Entries in force at a time, newest first. */
  async list(nowMs: number): Promise<AllowEntry[]> {
    const entries = await this.manager.find(AllowEntry, { order: { createdAtMs: 'DESC', id: 'ASC' } });
    return entries.filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > nowMs);
  }

  find(id: string): Promise<AllowEntry | null> {
    return this.manager.findOneBy(AllowEntry, { id });
  }

  count(): Promise<number> {
    return this.manager.count(AllowEntry);
  }

  async insert(entry: AllowEntry): Promise<void> {
    await this.manager.insert(AllowEntry, entry);
  }

  async update(id: string, change: Pick<AllowEntry, 'comment' | 'expiresAtMs' | 'revision'>): Promise<void> {
    await this.manager.update(AllowEntry, { id }, change);
  }

  /** Whether there was one. */
  async delete(id: string): Promise<boolean> {
    await this.manager.delete(AllowHost, { entryId: id });
    return ((await this.manager.delete(AllowEntry, { id })).affected ?? 0) > 0;
  }

  /** Deletes entries that ended at or before a time. How many. */
  async purgeExpired(beforeMs: number): Promise<number> {
    const over = await this.manager.findBy(AllowEntry, { expiresAtMs: LessThanOrEqual(beforeMs) });
    for (const { id } of over) await this.delete(id);
    return over.length;
  }

  states(): Promise<AllowHost[]> {
    return this.manager.find(AllowHost);
  }

  /** Writes down what a host answered; entries that are gone meanwhile are left out. */
  async answered(hostId: string, atMs: number, answers: readonly AllowAnswer[]): Promise<void> {
    for (const { entryId, revision, state, detail } of answers) {
      await execute(
        this.manager,
        `INSERT INTO allow_host (entry_id, host_id, revision, state, detail, at_ms)
         SELECT e.id, CAST(? AS text), CAST(? AS integer), CAST(? AS text), CAST(? AS text), CAST(? AS bigint)
         FROM allow_entry e WHERE e.id = ?
         ON CONFLICT (entry_id, host_id) DO UPDATE SET revision = excluded.revision, state = excluded.state,
           detail = excluded.detail, at_ms = excluded.at_ms`,
        [hostId, revision, state, detail, atMs, entryId],
      );
    }
  }
}
