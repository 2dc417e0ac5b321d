import type { EntityManager } from 'typeorm';
import { execute } from '../sql/dialect.js';

/** What campaigns are found by: a ban without its lines. */
export interface BanSource {
  readonly id: number;
  readonly atMs: number;
  readonly hostId: string;
  readonly jail: string;
  readonly addressSort: string;
  readonly country: string | null;
  readonly asn: number | null;
}

/** A place in the archive, newest first. */
export interface SourcePlace {
  readonly atMs: number;
  readonly id: number;
}

/** Reads the newest bans of a time range, a slice at a time: each is a short read on the index by time. */
export class CampaignRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Bans since a time that come before a place, newest first. */
  async newest(fromMs: number, before: SourcePlace, limit: number): Promise<BanSource[]> {
    const rows = await execute<Record<string, unknown>>(
      this.manager,
      `SELECT id, at_ms, host_id, jail, address_sort, country, asn FROM ban_event
       WHERE at_ms >= ? AND (at_ms, id) < (?, ?) AND kind = 'ban'
       ORDER BY at_ms DESC, id DESC LIMIT ${Math.trunc(limit)}`,
      [fromMs, before.atMs, before.id],
    );
    return rows.map((row) => ({
      id: Number(row['id']),
      atMs: Number(row['at_ms']),
      hostId: String(row['host_id']),
      jail: String(row['jail']),
      addressSort: String(row['address_sort']),
      country: typeof row['country'] === 'string' ? row['country'] : null,
      asn: row['asn'] === null || row['asn'] === undefined ? null : Number(row['asn']),
    }));
  }
}
