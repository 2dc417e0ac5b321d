import { randomUUID } from 'node:crypto';
import {
  MAX_ALLOW_ENTRIES,
  type AllowEntry,
  type AllowEntryPatch,
  type AllowEntryRequest,
} from '@bailiff/contracts/http';
import { parseNetwork } from '@bailiff/ip';
import { Database, type AllowEntry as AllowRow } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { isTooWide } from '../bans/ban-targets.js';
import { BanRequestError, NetworkTooWideError } from '../bans/ban.errors.js';
import { NotFoundError } from '../core/not-found.error.js';
import { ALLOW_USED, AllowSync } from './allow-sync.js';
import { AllowConflictError } from './allow.errors.js';
import { toAllowEntry } from './allow-view.js';

/** Who waits for an answer waits for slow hosts no longer than this, milliseconds. */
const PATIENCE_MS = 5_000;

/** Addresses and networks that are never to be banned, for a time or until they are removed. */
@Injectable()
export class AllowService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditService,
    private readonly syncing: AllowSync,
  ) {}

  /** Entries in force, newest first, with what became of them on each host. */
  async list(): Promise<AllowEntry[]> {
    const { allow, hosts } = this.database.read;
    const [entries, usable, states] = await Promise.all([allow.list(Date.now()), hosts.listUsable(), allow.states()]);
    return entries.map((entry) => toAllowEntry(entry, usable, states));
  }

  /**
   * Adds an entry and tells every host that is online.
   * @throws {AllowConflictError} {@link BanRequestError} {@link NetworkTooWideError}
   */
  async add(actor: Actor, request: AllowEntryRequest): Promise<AllowEntry> {
    const { address, durationSeconds, comment, hostIds = null, tag = null, jails = null } = request;
    if (hostIds !== null && tag !== null)
      throw new BanRequestError([{ pointer: '/tag', detail: 'must be absent when hosts are named' }]);
    const network = parseNetwork(address);
    // Who allows half the internet has mistyped.
    if (isTooWide(network)) throw new NetworkTooWideError(network, 'allowed');
    const now = Date.now();
    const entry: AllowRow = {
      id: randomUUID(),
      address: network,
      comment: comment ?? null,
      jails: jails?.toSorted() ?? null,
      hostIds: hostIds?.toSorted() ?? null,
      tag,
      createdBy: actor.name,
      createdAtMs: now,
      expiresAtMs: durationSeconds === undefined ? null : now + durationSeconds * 1_000,
      revision: 1,
    };
    await this.database.withTransaction(async (repositories) => {
      const { allow, settings } = repositories;
      await allow.purgeExpired(now);
      const known = await allow.list(now);
      if (known.some((other) => scopeOf(other) === scopeOf(entry))) throw new AllowConflictError(network);
      if (known.length >= MAX_ALLOW_ENTRIES)
        throw new BanRequestError([
          { pointer: '/address', detail: `does not fit: at most ${MAX_ALLOW_ENTRIES} entries` },
        ]);
      await allow.insert(entry);
      await settings.set(ALLOW_USED, true, now);
      await this.audit.record(repositories, { actor, action: 'allow.add', target: network, after: shown(entry) });
    });
    return this.told(entry.id);
  }

  /** Changes comment or end. @throws {NotFoundError} */
  async change(actor: Actor, id: string, { comment, durationSeconds }: AllowEntryPatch): Promise<AllowEntry> {
    await this.database.withTransaction(async (repositories) => {
      const before = await repositories.allow.find(id);
      if (before === null) throw unknown();
      const after: AllowRow = {
        ...before,
        comment: comment === undefined ? before.comment : comment === '' ? null : comment,
        expiresAtMs: durationSeconds === undefined ? before.expiresAtMs : endOf(durationSeconds),
        revision: before.revision + (durationSeconds === undefined ? 0 : 1),
      };
      await repositories.allow.update(id, after);
      const act = { actor, action: 'allow.change', target: before.address };
      await this.audit.record(repositories, { ...act, before: shown(before), after: shown(after) });
    });
    return this.told(id);
  }

  /** Allows it no longer. @throws {NotFoundError} */
  async remove(actor: Actor, id: string): Promise<void> {
    await this.database.withTransaction(async (repositories) => {
      const before = await repositories.allow.find(id);
      if (before === null) throw unknown();
      await repositories.allow.delete(id);
      const act = { actor, action: 'allow.remove', target: before.address };
      await this.audit.record(repositories, { ...act, before: shown(before) });
    });
    await this.sync();
  }

  private async told(id: string): Promise<AllowEntry> {
    await this.sync();
    const entry = (await this.list()).find((one) => one.id === id);
    if (entry === undefined) throw unknown();
    return entry;
  }

  private async sync(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
    await Promise.race([this.syncing.syncAll(), late]);
    clearTimeout(timer);
  }
}

function endOf(durationSeconds: number): number | null {
  return durationSeconds === 0 ? null : Date.now() + durationSeconds * 1_000;
}

function scopeOf({ address, jails, hostIds, tag }: AllowRow): string {
  return JSON.stringify([address, jails, hostIds, tag]);
}

function shown({ address, comment, jails, hostIds, tag, expiresAtMs }: AllowRow): object {
  const expiresAt = expiresAtMs === null ? null : new Date(expiresAtMs).toISOString();
  return { address, comment, jails, hostIds, tag, expiresAt };
}

function unknown(): NotFoundError {
  return new NotFoundError('No such allow entry; its time may be over');
}
