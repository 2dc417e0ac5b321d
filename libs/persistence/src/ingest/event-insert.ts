import type { EntityManager } from 'typeorm';
import { BanEvent } from '../entities/index.js';
import { execute, rowParameter, rowSource, storableText } from '../sql/dialect.js';
import type { AddressBook } from './address-book.js';
import type { IngestTicket } from './ingest-batch.js';

const EVENT = {
  i: 'bigint',
  kind: 'text',
  jail: 'text',
  address: 'text',
  address_sort: 'text',
  at_ms: 'bigint',
  bantime_seconds: 'bigint',
  ban_count: 'bigint',
  failures: 'bigint',
  origin: 'text',
  matches: 'text',
  service: 'text',
  request_url: 'text',
  target_domain: 'text',
  target_subdomain: 'text',
} as const;

/** What the database gives back of a new row: the rest is known. */
interface Inserted {
  readonly id: number;
  readonly kind: string;
  readonly jail: string;
  readonly address: string;
  readonly at_ms: number;
  readonly country: string | null;
  readonly asn: number | null;
}

/** Stores bans and unbans of one host; those known already are skipped. @returns the new ones, in the order they came */
export async function insertEvents(
  manager: EntityManager,
  hostId: string,
  tickets: readonly IngestTicket[],
  addresses: AddressBook,
): Promise<BanEvent[]> {
  if (tickets.length === 0) return [];
  const events = tickets.map((ticket) => eventOf(hostId, ticket, addresses));
  const rows = events.map((event, i) => rowOf(i, event));
  const inserted = await execute<Inserted>(
    manager,
    `INSERT INTO ban_event (host_id, kind, jail, address, address_sort, at_ms, bantime_seconds, ban_count, failures, origin,
       country, asn, matches, service, request_url, target_domain, target_subdomain)
     SELECT CAST(? AS text), e.kind, e.jail, e.address, e.address_sort, e.at_ms, e.bantime_seconds, e.ban_count, e.failures,
       e.origin, g.country, g.asn, e.matches, e.service, e.request_url, e.target_domain, e.target_subdomain
     FROM ${rowSource(manager, 'e', EVENT)} LEFT JOIN geo_address g ON g.address = e.address
     WHERE 1 = 1 ORDER BY e.i
     ON CONFLICT (host_id, at_ms, jail, address, kind) DO NOTHING
     RETURNING id, kind, jail, address, at_ms, country, asn`,
    [hostId, rowParameter(EVENT, rows)],
  );
  // Of an event that is in the batch twice the first was stored.
  const byKey = new Map<string, BanEvent>();
  for (const event of events) {
    const key = keyOf(event.kind, event.jail, event.address, event.atMs);
    if (!byKey.has(key)) byKey.set(key, event);
  }
  return inserted
    .flatMap(({ id, kind, jail, address, at_ms, country, asn }) => {
      const event = byKey.get(keyOf(kind, jail, address, Number(at_ms)));
      if (event === undefined) return [];
      event.id = Number(id);
      event.country = country;
      event.asn = asn === null ? null : Number(asn);
      return [event];
    })
    .sort((a, b) => a.id - b.id);
}

function eventOf(hostId: string, ticket: IngestTicket, addresses: AddressBook): BanEvent {
  const event = new BanEvent();
  event.hostId = hostId;
  event.kind = ticket.kind === 'unban' ? 'unban' : 'ban';
  event.jail = storableText(ticket.jail);
  event.address = storableText(ticket.address);
  event.addressSort = addresses.sortKey(event.address);
  event.atMs = ticket.atMs;
  event.bantimeSeconds = ticket.bantimeSeconds ?? null;
  event.banCount = ticket.banCount ?? null;
  event.failures = ticket.failures ?? null;
  event.origin = ticket.origin ?? 'selfblock';
  event.matches = ticket.matches?.map(storableText) ?? null;
  event.service = storableOrNull(ticket.service);
  event.requestUrl = storableOrNull(ticket.requestUrl);
  event.targetDomain = storableOrNull(ticket.targetDomain);
  event.targetSubdomain = storableOrNull(ticket.targetSubdomain);
  return event;
}

function rowOf(i: number, event: BanEvent): Record<keyof typeof EVENT, string | number | null> {
  return {
    i,
    kind: event.kind,
    jail: event.jail,
    address: event.address,
    address_sort: event.addressSort,
    at_ms: event.atMs,
    bantime_seconds: event.bantimeSeconds,
    ban_count: event.banCount,
    failures: event.failures,
    origin: event.origin,
    matches: event.matches === null ? null : JSON.stringify(event.matches),
    service: event.service,
    request_url: event.requestUrl,
    target_domain: event.targetDomain,
    target_subdomain: event.targetSubdomain,
  };
}

function keyOf(kind: string, jail: string, address: string, atMs: number): string {
  return `${atMs}\n${address}\n${kind}\n${jail}`;
}

function storableOrNull(text: string | undefined): string | null {
  return text === undefined ? null : storableText(text);
}
