import type { EntityManager } from 'typeorm';
import { ArchivePurgeRepository } from '../archive/archive-purge.repository.js';
import { NEVER_MS } from '../columns.js';
import { ActiveBan, type BanEvent } from '../entities/index.js';
import { DAY_MS, hourOf } from '../rollup/calendar.js';
import { AddressBook } from './address-book.js';
import type { ArchiveChanges } from './archive-changes.js';
import { insertEvents } from './event-insert.js';
import { execute, hydrate, rowParameter, rowSource, storableText } from '../sql/dialect.js';
import type { IngestTicket, StoredEvent } from './ingest-batch.js';

/** Bans carry whole seconds, unbans milliseconds: within one second the order of arrival decides. */
const TIE_MS = 1000;
/** fail2ban rounds the time of a ban to the nearest second: an unban right after it may seem to come before it. */
const ROUNDING_MS = 500;

const ACTIVE = {
  jail: 'text',
  address: 'text',
  address_sort: 'text',
  banned_at_ms: 'bigint',
  expires_at_ms: 'bigint',
  ban_count: 'bigint',
  origin: 'text',
  country: 'text',
} as const;
const LIFTED = { jail: 'text', address: 'text', at_ms: 'bigint' } as const;
const COUNTED = { hour_ms: 'bigint', jail: 'text', n: 'bigint' } as const;
const SEEN = { address: 'text', resolved_at_ms: 'bigint' } as const;

/** Stores tickets of one host inside the caller's transaction. */
export class TicketIngest {
  private readonly addresses = new AddressBook();
  private deletedBeforeMs: number | undefined;

  constructor(
    private readonly manager: EntityManager,
    private readonly hostId: string,
    private readonly nowMs: number,
    private readonly changes: ArchiveChanges,
  ) {}

  /** @returns the rows that were new, in the order they came */
  async store(tickets: readonly IngestTicket[]): Promise<StoredEvent[]> {
    await this.countFailures(tickets.filter(({ kind }) => kind === 'found'));
    const stored = await insertEvents(this.manager, this.hostId, await this.stillWanted(tickets), this.addresses);
    if (stored.length === 0) return [];
    await this.noteAddresses(stored);
    for (const event of stored) this.changes.add(event);
    const active = await this.maintainActive(stored);
    return stored.map((event) => ({ event, active: active.get(banKey(event)) ?? null })).map(onlyOwnBan);
  }

  /** Bans and unbans but those that were deleted: an agent that begins anew, or reconciles, tells them again. */
  private async stillWanted(tickets: readonly IngestTicket[]): Promise<IngestTicket[]> {
    this.deletedBeforeMs ??= (await new ArchivePurgeRepository(this.manager).deletedBefore(this.hostId)) ?? -Infinity;
    const fromMs = this.deletedBeforeMs;
    return tickets.filter(({ kind, atMs }) => kind !== 'found' && !(atMs < fromMs));
  }

  /** Puts the outcome of new events into the current bans; the last event of each address in a jail counts. */
  private async maintainActive(stored: readonly BanEvent[]): Promise<Map<string, ActiveBan>> {
    const outcome = new Map<string, BanEvent>();
    for (const event of stored) outcome.set(banKey(event), event);
    const bans: Record<string, string | number | null>[] = [];
    const lifted: { jail: string; address: string; at_ms: number }[] = [];
    for (const event of outcome.values()) {
      const expiresAtMs = expiryOf(event);
      if (event.kind === 'unban') lifted.push({ jail: event.jail, address: event.address, at_ms: event.atMs });
      else if (expiresAtMs > this.nowMs) bans.push(activeRow(event, expiresAtMs));
    }
    await this.lift(lifted);
    return this.activate(bans);
  }

  private async lift(rows: readonly { jail: string; address: string; at_ms: number }[]): Promise<void> {
    if (rows.length === 0) return;
    await execute(
      this.manager,
      `DELETE FROM active_ban WHERE id IN (
         SELECT a.id FROM ${rowSource(this.manager, 'e', LIFTED)} CROSS JOIN active_ban a
         WHERE a.host_id = ? AND a.jail = e.jail AND a.address = e.address AND a.banned_at_ms <= e.at_ms + ${ROUNDING_MS})`,
      [rowParameter(LIFTED, rows), this.hostId],
    );
  }

  private async activate(rows: readonly Record<string, string | number | null>[]): Promise<Map<string, ActiveBan>> {
    if (rows.length === 0) return new Map();
    // `host_id || ''` keeps the planner on the index by address: a host's whole archive may be newer than an old ban.
    const written = await execute<Record<string, unknown>>(
      this.manager,
      `INSERT INTO active_ban (host_id, jail, address, address_sort, banned_at_ms, expires_at_ms, ban_count, origin, country)
       SELECT CAST(? AS text), e.jail, e.address, e.address_sort, e.banned_at_ms, e.expires_at_ms, e.ban_count, e.origin, e.country
       FROM ${rowSource(this.manager, 'e', ACTIVE)}
       WHERE NOT EXISTS (SELECT 1 FROM ban_event u WHERE u.address_sort = e.address_sort AND u.at_ms >= e.banned_at_ms + ${TIE_MS}
         AND u.host_id || '' = ? AND u.kind = 'unban' AND u.jail || '' = e.jail)
       ON CONFLICT (host_id, jail, address) DO UPDATE SET banned_at_ms = excluded.banned_at_ms,
         expires_at_ms = excluded.expires_at_ms, ban_count = excluded.ban_count, origin = excluded.origin,
         country = coalesce(excluded.country, active_ban.country)
       WHERE excluded.banned_at_ms >= active_ban.banned_at_ms
       RETURNING *`,
      [this.hostId, rowParameter(ACTIVE, rows), this.hostId],
    );
    const bans = written.map((row) => hydrate(this.manager, ActiveBan, row));
    return new Map(bans.map((ban) => [banKey(ban), ban]));
  }

  private async countFailures(tickets: readonly IngestTicket[]): Promise<void> {
    if (tickets.length === 0) return;
    const sums = new Map<string, { hour_ms: number; jail: string; n: number }>();
    for (const ticket of tickets) {
      const [hour_ms, jail] = [hourOf(ticket.atMs), storableText(ticket.jail)];
      const sum = sums.get(`${hour_ms}\n${jail}`);
      if (sum === undefined) sums.set(`${hour_ms}\n${jail}`, { hour_ms, jail, n: 1 });
      else sum.n += 1;
    }
    for (const { hour_ms, n } of sums.values()) this.changes.addFailures(this.hostId, hour_ms, n);
    await execute(
      this.manager,
      `INSERT INTO failure_count (hour_ms, host_id, jail, failures)
       SELECT e.hour_ms, CAST(? AS text), e.jail, e.n FROM ${rowSource(this.manager, 'e', COUNTED)} WHERE 1 = 1
       ON CONFLICT (hour_ms, host_id, jail) DO UPDATE SET failures = failure_count.failures + excluded.failures`,
      [this.hostId, rowParameter(COUNTED, [...sums.values()])],
    );
  }

  /** New addresses wait for the worker; private ones have no country and wait for nobody. */
  private async noteAddresses(stored: readonly BanEvent[]): Promise<void> {
    const seen = new Map<string, number | null>();
    for (const { kind, address, atMs, country, asn } of stored) {
      if (kind !== 'ban' || seen.has(address)) continue;
      // An old ban of an address that is known tells nothing new of it.
      if ((country !== null || asn !== null) && atMs < this.nowMs - DAY_MS) continue;
      const { addresses } = this;
      if (addresses.isSingle(address)) seen.set(address, addresses.isPrivate(address) ? this.nowMs : null);
    }
    if (seen.size === 0) return;
    // In one order for all writers, which PostgreSQL would otherwise find waiting for each other.
    const rows = Array.from(seen, ([address, resolved_at_ms]) => ({ address, resolved_at_ms })).sort((a, b) =>
      a.address < b.address ? -1 : 1,
    );
    await execute(
      this.manager,
      `INSERT INTO geo_address (address, country, resolved_at_ms, last_seen_at_ms)
       SELECT e.address, NULL, e.resolved_at_ms, CAST(? AS bigint) FROM ${rowSource(this.manager, 'e', SEEN)} WHERE 1 = 1
       ON CONFLICT (address) DO UPDATE SET last_seen_at_ms = excluded.last_seen_at_ms
       WHERE geo_address.last_seen_at_ms < excluded.last_seen_at_ms - ${DAY_MS}`,
      [this.nowMs, rowParameter(SEEN, rows)],
    );
  }
}

function banKey({ jail, address }: { readonly jail: string; readonly address: string }): string {
  return `${jail}\n${address}`;
}

/** Of several bans of one address in a batch only the one that is in force carries the current ban. */
function onlyOwnBan({ event, active }: StoredEvent): StoredEvent {
  return { event, active: event.kind === 'ban' && active?.bannedAtMs === event.atMs ? active : null };
}

function expiryOf({ atMs, bantimeSeconds }: BanEvent): number {
  return bantimeSeconds === null || bantimeSeconds < 0 ? NEVER_MS : Math.min(atMs + bantimeSeconds * 1000, NEVER_MS);
}

function activeRow(event: BanEvent, expiresAtMs: number): Record<string, string | number | null> {
  return {
    jail: event.jail,
    address: event.address,
    address_sort: event.addressSort,
    banned_at_ms: event.atMs,
    expires_at_ms: expiresAtMs,
    ban_count: event.banCount ?? 1,
    origin: event.origin,
    country: event.country,
  };
}
