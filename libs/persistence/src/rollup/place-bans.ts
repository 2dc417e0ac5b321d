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
 * caller's transaction. What a row already says stays: an address may move later, the ban happened where it was then.
 */
export async function placeBans(manager: EntityManager, places: readonly AddressPlace[]): Promise<void> {
  const rows = places
    .filter(({ country, asn }) => country !== null || asn !== null)
    .map(({ address, country, asn }) => ({ address_sort: addressSortKey(address), country, asn }));
  if (rows.length === 0) return;
  const source = rowSource(manager, 'r', PLACE);
  const isMissing = (table: string) =>
    `${table}.address_sort = r.address_sort
       AND ((${table}.country IS NULL AND r.country IS NOT NULL) OR (${table}.asn IS NULL AND r.asn IS NOT NULL))`;
  await execute(
    manager,
    `UPDATE active_ban SET country = coalesce(active_ban.country, r.country) FROM ${source}
     WHERE active_ban.address_sort = r.address_sort AND active_ban.country IS NULL AND r.country IS NOT NULL`,
    [rowParameter(manager, PLACE, rows)],
  );
  await execute(
    manager,
    `UPDATE offender SET country = coalesce(offender.country, r.country), asn = coalesce(offender.asn, r.asn) FROM ${source}
     WHERE ${isMissing('offender')}`,
    [rowParameter(manager, PLACE, rows)],
  );
  const changes = new RollupChanges();
  for (;;) {
    // Locked and then changed by id, so that the roll-ups move by exactly the rows that were changed.
    const unplaced = await execute<Unplaced>(
      manager,
      `SELECT e.id, e.kind, e.host_id, e.jail, e.at_ms, e.origin, e.country, e.asn, r.country AS new_country, r.asn AS new_asn
       FROM ${source} CROSS JOIN ban_event e WHERE ${isMissing('e')}
       LIMIT ${SLICE}${isPostgres(manager) ? ' FOR UPDATE OF e' : ''}`,
      [rowParameter(manager, PLACE, rows)],
    );
    const placed = unplaced.map((row) => {
      const before = eventOf(row);
      const after = { ...before, country: row.country ?? row.new_country, asn: before.asn ?? numberOf(row.new_asn) };
      changes.add(before, -1);
      changes.add(after, 1);
      return { id: Number(row.id), country: after.country, asn: after.asn };
    });
    if (placed.length > 0)
      await execute(
        manager,
        `UPDATE ban_event SET country = r.country, asn = r.asn FROM ${rowSource(manager, 'r', PLACED)} WHERE ban_event.id = r.id`,
        [rowParameter(manager, PLACED, placed)],
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
