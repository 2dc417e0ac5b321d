import { randomUUID } from 'node:crypto';
import {
  BULK_MAX_RESULTS,
  type BulkDraft,
  type BulkLineProblem,
  type BulkPreview,
  type BulkUploadQuery,
} from '@bailiff/contracts/http';
import { BULK_CHUNK_SIZE } from '@bailiff/contracts/agent';
import { type BulkChunk, type BulkJob, type BulkPart, Database, type Host } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { BanRequestError } from '../bans/ban.errors.js';
import { LockoutGuard } from '../guard/lockout-guard.js';
import { RevokedHostError, UnknownHostError } from '../hosts/host.errors.js';
import { toBulkJob } from './bulk-job-view.js';
import { ListTooLargeError, UnreadableListError } from './bulk.errors.js';
import { judgeList, type JudgedList } from './judge-list.js';
import { readList } from './list-reader.js';

/** Problems of one stored chunk. */
const PROBLEMS_A_CHUNK = 1_000;

/** Turns an uploaded list into a draft: read, judged and stored; nothing is banned or unbanned. */
@Injectable()
export class BulkUploads {
  constructor(
    private readonly database: Database,
    private readonly guard: LockoutGuard,
  ) {}

  /**
   * @param source the list as it comes in
   * @throws {BanRequestError} {@link ListTooLargeError} {@link UnreadableListError} {@link UnknownHostError} {@link RevokedHostError}
   */
  async read(actor: Actor, query: BulkUploadQuery, source: AsyncIterable<Uint8Array>): Promise<BulkDraft> {
    const { direction, name, durationSeconds } = query;
    if (durationSeconds !== undefined && (direction === 'unban' || durationSeconds === 0))
      throw new BanRequestError([
        { pointer: '/durationSeconds', detail: 'must be -1 or at least 1, and only for bans' },
      ]);
    const jails = [...new Set(query.jails.split(','))];
    const hosts = await this.hostsOf([...new Set(query.hosts.split(','))]);
    const list = await readList(source);
    const findings = direction === 'ban' ? await this.guard.check([...list.entries.keys()], actor) : [];
    const judged = judgeList(list, direction, findings);
    const { entries } = judged;
    if (list.lines === 0) throw new UnreadableListError('The list is empty.');
    const jobId = randomUUID();
    const parts = await this.partsOf(jobId, hosts, jails);
    const count = entries.length * parts.length;
    if (count > BULK_MAX_RESULTS) throw ListTooLargeError.results(count);
    const preview: BulkPreview = {
      ...judged.preview,
      bannedNow: await this.database.read.bulk.countBanned(
        hosts.map(({ id }) => id),
        jails,
        entries,
      ),
    };
    const nowMs = Date.now();
    const job: BulkJob = {
      id: jobId,
      direction,
      state: 'draft',
      name: name?.toWellFormed() ?? null,
      reason: null,
      durationSeconds: durationSeconds ?? null,
      ownerKind: actor.kind,
      owner: actor.name,
      createdAtMs: nowMs,
      startedAtMs: null,
      endedAtMs: null,
      touchedAtMs: nowMs,
      entries: entries.length,
      jails,
      preview,
    };
    await this.database.withTransaction(({ bulk }) => bulk.insert(job, chunksOf(jobId, judged), parts));
    return { job: toBulkJob(job, parts, null), preview };
  }

  private async hostsOf(hostIds: readonly string[]): Promise<Host[]> {
    const byId = new Map((await this.database.read.hosts.listByIds(hostIds)).map((host) => [host.id, host]));
    return hostIds.map((id) => {
      const host = byId.get(id);
      if (host === undefined) throw new UnknownHostError(id);
      if (host.state === 'revoked') throw new RevokedHostError(id);
      return host;
    });
  }

  /** One part a jail and host; of a jail that a host does not run it is known already what becomes. */
  private async partsOf(jobId: string, hosts: readonly Host[], jails: readonly string[]): Promise<BulkPart[]> {
    const rows = await this.database.read.jails.list(hosts.map(({ id }) => id));
    const running = new Set(
      rows.flatMap(({ hostId, name, status }) =>
        status === 'running' || status === 'idle' ? [`${hostId} ${name}`] : [],
      ),
    );
    const parts = hosts.flatMap((host) =>
      jails.map((jail): Omit<BulkPart, 'number'> => {
        const isThere = running.has(`${host.id} ${jail}`);
        return {
          jobId,
          hostId: host.id,
          hostName: host.name,
          jail,
          state: isThere ? 'sending' : 'failed',
          results: '',
          code: isThere ? null : 'jail/unknown',
          detail: isThere ? null : `${host.name} runs no jail "${jail}"; nothing is done there`,
          heardAtMs: null,
        };
      }),
    );
    return parts.map((part, number) => ({ ...part, number }));
  }
}

function chunksOf(jobId: string, { entries, problems }: JudgedList): BulkChunk[] {
  return [
    ...slices(entries, BULK_CHUNK_SIZE).map((slice, number) => ({
      jobId,
      kind: 'entries' as const,
      number,
      body: slice.join('\n'),
    })),
    ...slices<BulkLineProblem>(problems, PROBLEMS_A_CHUNK).map((slice, number) => ({
      jobId,
      kind: 'problems' as const,
      number,
      // PostgreSQL holds no NUL, which no text that got here has either.
      body: slice.map((problem) => JSON.stringify(problem)).join('\n'),
    })),
  ];
}

function slices<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
