import type { EntityManager } from 'typeorm';
import type { BanEvent } from '../entities/index.js';
import { execute, rowParameter, rowSource } from '../sql/dialect.js';

/** What of an event offenders are counted by. */
export type OffendingEvent = Pick<
  BanEvent,
  'kind' | 'hostId' | 'jail' | 'address' | 'addressSort' | 'atMs' | 'country' | 'asn'
>;

const SLICE = 2_000;
const TOTAL = {
  address_sort: 'text',
  address: 'text',
  bans: 'bigint',
  first_at_ms: 'bigint',
  last_at_ms: 'bigint',
  country: 'text',
  asn: 'bigint',
} as const;
const BY_JAIL = { address_sort: 'text', host_id: 'text', jail: 'text', bans: 'bigint' } as const;

type Row = Record<string, string | number | null>;

/** Collects by how much the bans of addresses grow or shrink in a transaction, and writes it in one go. */
export class OffenderChanges {
  private readonly totals = new Map<string, Row & { bans: number; first_at_ms: number; last_at_ms: number }>();
  private readonly byJail = new Map<string, Row & { bans: number }>();

  /** Counts a ban in; `by` −1 takes one out. Unbans do not count. */
  add({ kind, hostId, jail, address, addressSort, atMs, country, asn }: OffendingEvent, by = 1): void {
    if (kind !== 'ban') return;
    const total = this.totals.get(addressSort);
    if (total === undefined) {
      const times = { first_at_ms: atMs, last_at_ms: atMs };
      this.totals.set(addressSort, { address_sort: addressSort, address, bans: by, ...times, country, asn });
    } else {
      total.bans += by;
      total.first_at_ms = Math.min(total.first_at_ms, atMs);
      total.last_at_ms = Math.max(total.last_at_ms, atMs);
    }
    const key = `${addressSort}\n${hostId}\n${jail}`;
    const inJail = this.byJail.get(key);
    if (inJail === undefined) this.byJail.set(key, { address_sort: addressSort, host_id: hostId, jail, bans: by });
    else inJail.bans += by;
  }

  /** Writes everything collected. Rows that shrank are put right from the archive, so delete events before. */
  async apply(manager: EntityManager): Promise<void> {
    const totals = ordered(this.totals);
    await inSlices(
      totals.filter(({ bans }) => bans !== 0),
      (rows) =>
        execute(
          manager,
          `INSERT INTO offender (address_sort, address, bans, first_at_ms, last_at_ms, country, asn)
           SELECT e.address_sort, e.address, e.bans, e.first_at_ms, e.last_at_ms, e.country, e.asn
           FROM ${rowSource(manager, 'e', TOTAL)} WHERE 1 = 1
           ON CONFLICT (address_sort) DO UPDATE SET bans = offender.bans + excluded.bans,
             first_at_ms = CASE WHEN excluded.first_at_ms < offender.first_at_ms THEN excluded.first_at_ms ELSE offender.first_at_ms END,
             last_at_ms = CASE WHEN excluded.last_at_ms > offender.last_at_ms THEN excluded.last_at_ms ELSE offender.last_at_ms END,
             country = coalesce(excluded.country, offender.country), asn = coalesce(excluded.asn, offender.asn)`,
          [rowParameter(TOTAL, rows)],
        ),
    );
    const jails = ordered(this.byJail);
    await inSlices(
      jails.filter(({ bans }) => bans !== 0),
      (rows) =>
        execute(
          manager,
          `INSERT INTO offender_jail (address_sort, host_id, jail, bans)
           SELECT e.address_sort, e.host_id, e.jail, e.bans FROM ${rowSource(manager, 'e', BY_JAIL)} WHERE 1 = 1
           ON CONFLICT (address_sort, host_id, jail) DO UPDATE SET bans = offender_jail.bans + excluded.bans`,
          [rowParameter(BY_JAIL, rows)],
        ),
    );
    await this.settleShrunk(
      manager,
      totals.filter(({ bans }) => bans < 0),
      jails.filter(({ bans }) => bans < 0),
    );
    this.totals.clear();
    this.byJail.clear();
  }

  /** Forgets those without bans and looks up when the others were seen first and last now. */
  private async settleShrunk(manager: EntityManager, totals: readonly Row[], jails: readonly Row[]): Promise<void> {
    await inSlices(jails, (rows) =>
      execute(
        manager,
        `DELETE FROM offender_jail WHERE bans <= 0 AND (address_sort, host_id, jail) IN
           (SELECT e.address_sort, e.host_id, e.jail FROM ${rowSource(manager, 'e', BY_JAIL)})`,
        [rowParameter(BY_JAIL, rows)],
      ),
    );
    const seen = (order: 'ASC' | 'DESC') =>
      `(SELECT b.at_ms FROM ban_event b WHERE b.address_sort = offender.address_sort AND b.kind = 'ban'
        ORDER BY b.at_ms ${order}, b.id ${order} LIMIT 1)`;
    await inSlices(totals, async (rows) => {
      const touched = `address_sort IN (SELECT e.address_sort FROM ${rowSource(manager, 'e', TOTAL)})`;
      const parameter = [rowParameter(TOTAL, rows)];
      await execute(manager, `DELETE FROM offender WHERE bans <= 0 AND ${touched}`, parameter);
      await execute(
        manager,
        `UPDATE offender SET first_at_ms = coalesce(${seen('ASC')}, first_at_ms), last_at_ms = coalesce(${seen('DESC')}, last_at_ms)
         WHERE ${touched}`,
        parameter,
      );
    });
  }
}

/**
 * In the order of the tables' keys: writers on PostgreSQL would otherwise find themselves waiting for each other, and SQLite
 * would go to and fro in a table that does not fit its cache.
 */
function ordered<T>(rows: ReadonlyMap<string, T>): T[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

async function inSlices<T>(rows: readonly T[], write: (slice: readonly T[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < rows.length; start += SLICE) await write(rows.slice(start, start + SLICE));
}
