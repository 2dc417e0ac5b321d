import { type EntityManager, In } from 'typeorm';
import { BanNote } from '../entities/index.js';
import { execute } from '../sql/dialect.js';

/** Notes on bans by hand. */
export class BanNoteRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Writes or replaces one for each jail and address. */
  async put(notes: readonly BanNote[]): Promise<void> {
    for (const { hostId, jail, address, reason, actor, atMs, durationSeconds } of notes) {
      await execute(
        this.manager,
        `INSERT INTO ban_note (host_id, jail, address, reason, actor, at_ms, duration_seconds) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (host_id, jail, address) DO UPDATE SET reason = excluded.reason, actor = excluded.actor,
           at_ms = excluded.at_ms, duration_seconds = excluded.duration_seconds`,
        [hostId, jail, address, reason, actor, atMs, durationSeconds],
      );
    }
  }

  /** Notes on some addresses of some hosts, in any jail. */
  find(hostIds: readonly string[], addresses: readonly string[]): Promise<BanNote[]> {
    if (hostIds.length === 0 || addresses.length === 0) return Promise.resolve([]);
    return this.manager.findBy(BanNote, { hostId: In([...hostIds]), address: In([...addresses]) });
  }

  /** Deletes notes made before a time whose ban is over. How many. */
  async purge(beforeMs: number): Promise<number> {
    const gone = await execute<unknown>(
      this.manager,
      `DELETE FROM ban_note WHERE at_ms < ? AND NOT EXISTS (SELECT 1 FROM active_ban a
         WHERE a.host_id = ban_note.host_id AND a.jail = ban_note.jail AND a.address = ban_note.address)
       RETURNING host_id`,
      [beforeMs],
    );
    return gone.length;
  }
}
