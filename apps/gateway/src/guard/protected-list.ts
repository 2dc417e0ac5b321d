import { randomUUID } from 'node:crypto';
import type { ProtectedAddressEntry, ProtectedAddressRequest } from '@bailiff/contracts/http';
import { parseNetwork, tryParseNetwork } from '@bailiff/ip';
import { Database, type Repositories } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { BanRequestError } from '../bans/ban.errors.js';
import { NotFoundError } from '../core/not-found.error.js';

const KEY = 'protected-addresses';
const MAX_ENTRIES = 1_000;

/** Addresses that operators want never to be banned without force. */
@Injectable()
export class ProtectedList {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditService,
  ) {}

  /** By the order they were added in. */
  entries(): Promise<ProtectedAddressEntry[]> {
    return readEntries(this.database.read);
  }

  /** Adds one. @throws {BanRequestError} when it is listed already, or the list is full */
  async add(actor: Actor, { address, comment }: ProtectedAddressRequest): Promise<ProtectedAddressEntry> {
    const entry: ProtectedAddressEntry = {
      id: randomUUID(),
      address: parseNetwork(address),
      comment: comment ?? null,
      addedBy: actor.name,
      addedAt: new Date().toISOString(),
    };
    await this.change(actor, 'guard.protect', entry.address, (entries) => {
      if (entries.some((known) => known.address === entry.address)) throw refuse('is on the list already');
      if (entries.length >= MAX_ENTRIES) throw refuse(`does not fit: the list holds at most ${MAX_ENTRIES}`);
      return [...entries, entry];
    });
    return entry;
  }

  /** Takes one off. @throws {NotFoundError} */
  async remove(actor: Actor, id: string): Promise<void> {
    const address = (await this.entries()).find((entry) => entry.id === id)?.address;
    if (address === undefined) throw new NotFoundError('No such protected address');
    await this.change(actor, 'guard.unprotect', address, (entries) => entries.filter((entry) => entry.id !== id));
  }

  private async change(
    actor: Actor,
    action: string,
    target: string,
    work: (entries: readonly ProtectedAddressEntry[]) => readonly ProtectedAddressEntry[],
  ): Promise<void> {
    await this.database.withTransaction(async (repositories) => {
      const before = await readEntries(repositories);
      const after = work(before);
      await repositories.settings.set(KEY, after, Date.now());
      await this.audit.record(repositories, {
        actor,
        action,
        target,
        before: before.map(({ address }) => address),
        after: after.map(({ address }) => address),
      });
    });
  }
}

async function readEntries({ settings }: Repositories): Promise<ProtectedAddressEntry[]> {
  const stored = await settings.get(KEY);
  // Only this service writes there.
  return Array.isArray(stored)
    ? (stored as ProtectedAddressEntry[]).filter(({ address }) => tryParseNetwork(address) !== undefined)
    : [];
}

function refuse(detail: string): BanRequestError {
  return new BanRequestError([{ pointer: '/address', detail }]);
}
