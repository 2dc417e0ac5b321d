import type { EntityManager } from 'typeorm';
import type { BanEventKind } from '../entities/index.js';
import { addressSortKey } from '../sql/address-sort.js';
import { execute, isPostgres, rowParameter, rowSource } from '../sql/dialect.js';
import { RollupChanges } from './rollup-changes.js';

/** Where an address is, as far as the data say. */
export interface AddressPlace {
  readonly address: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  /** Number of the autonomous system. */
  readonly asn: number | null;
}

interface Unplaced {
  readonly id: number;
  readonly kind: BanEventKind;
  readonly host_id: string;
  readonly jail: string;
  readonly at_ms: number;
  readonly origin: string;
  readonly country: string | null;
  readonly asn: number | null;
  readonly new_country: string | null;
  readonly new_asn: number | null;
}

const PLACE = { address_sort: 'text', country: 'text', asn: 'bigint' } as const;
const PLACED = { id: 'bigint', country: 'text', asn: 'bigint' } as const;
const SLICE = 2_000;

/**
 * Writes country and AS number into archive and current bans where they are not known yet, and moves the roll-ups along; in the
 * caller's transaction. What an old row already says stays: an address may move later, the ban happened where it was then.
 * @param correctSinceMs bans from this time on, and current ones, are put right also where they say otherwise
 */
export async function placeBans(
  manager: EntityManager,
  places: readonly AddressPlace[],
  correctSinceMs = Number.MAX_SAFE_INTEGER,
): Promise<void> {
  // An address that is named twice would be counted twice: the later answer holds.
  const rows = [
    ...new Map(
      places
        .filter(({ country, asn }) => country !== null || asn !== null)
        .map(({ address, country, asn }) => [address, { address_sort: addressSortKey(address), country, asn }]),
    ).values(),
  ];
  if (rows.length === 0) return;
  const source = rowSource(manager, 'r', PLACE);
  const since = Math.trunc(correctSinceMs);
  const differs = (table: string, atMs: string) =>
    `${table}.address_sort = r.address_sort
       AND ((${table}.country IS NULL AND r.country IS NOT NULL) OR (${table}.asn IS NULL AND r.asn IS NOT NULL)
         OR (${table}.${atMs} >= ${since} AND (${table}.country <> r.country OR ${table}.asn <> r.asn)))`;
  const settled = (column: 'country' | 'asn') =>
    `CASE WHEN offender.last_at_ms >= ${since} THEN coalesce(r.${column}, offender.${column})
       ELSE coalesce(offender.${column}, r.${column}) END`;
  const isCorrecting = correctSinceMs < Number.MAX_SAFE_INTEGER;
  await execute(
    manager,
    `UPDATE active_ban SET country = r.country FROM ${source}
     WHERE active_ban.address_sort = r.address_sort AND r.country IS NOT NULL
       AND (active_ban.country IS NULL${isCorrecting ? ' OR active_ban.country <> r.country' : ''})`,
    [rowParameter(PLACE, rows)],
  );
  await execute(
    manager,
    `UPDATE offender SET country = ${settled('country')}, asn = ${settled('asn')} FROM ${source}
     WHERE ${differs('offender', 'last_at_ms')}`,
    [rowParameter(PLACE, rows)],
  );
  const changes = new RollupChanges();
  for (;;) {
    // Locked and then changed by id, so that the roll-ups move by exactly the rows that were changed.
    const unplaced = await execute<Unplaced>(
      manager,
      `SELECT e.id, e.kind, e.host_id, e.jail, e.at_ms, e.origin, e.country, e.asn, r.country AS new_country, r.asn AS new_asn
       FROM ${source} CROSS JOIN ban_event e WHERE ${differs('e', 'at_ms')}
       LIMIT ${SLICE}${isPostgres(manager) ? ' FOR UPDATE OF e' : ''}`,
      [rowParameter(PLACE, rows)],
    );
    const placed = unplaced.map((row) => {
      const before = eventOf(row);
      const [country, asn] = [row.new_country, numberOf(row.new_asn)];
      const after =
        before.atMs >= since
          ? { ...before, country: country ?? before.country, asn: asn ?? before.asn }
          : { ...before, country: before.country ?? country, asn: before.asn ?? asn };
      changes.add(before, -1);
      changes.add(after, 1);
      return { id: Number(row.id), country: after.country, asn: after.asn };
    });
    if (placed.length > 0)
      await execute(
        manager,
        `UPDATE ban_event SET country = r.country, asn = r.asn FROM ${rowSource(manager, 'r', PLACED)} WHERE ban_event.id = r.id`,
        [rowParameter(PLACED, placed)],
      );
    if (placed.length < SLICE) break;
  }
  await changes.apply(manager);
}

function eventOf({ kind, host_id: hostId, jail, at_ms, origin, country, asn }: Unplaced) {
  return { kind, hostId, jail, atMs: Number(at_ms), origin, country, asn: numberOf(asn) };
}

function numberOf(value: number | null): number | null {
  return value === null ? null : Number(value);
}
