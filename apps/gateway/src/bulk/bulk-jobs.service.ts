import {
  BULK_CONFIRM_ABOVE,
  type BulkDraft,
  type BulkExportQuery,
  type BulkJob as BulkJobInfo,
  type BulkPreview,
  type BulkResultQuery,
  type BulkResultRow,
  type BulkStartRequest,
  type Page,
} from '@bailiff/contracts/http';
import { parseNetwork } from '@bailiff/ip';
import { type BulkJob, Database, InvalidCursorError } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { type Actor, hasScope } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { BanRequestError, ProtectedAddressError } from '../bans/ban.errors.js';
import { NotFoundError } from '../core/not-found.error.js';
import { LockoutGuard } from '../guard/lockout-guard.js';
import { csvLine } from '../history/csv.js';
import { BulkDriver } from './bulk-driver.js';
import { toBulkJob } from './bulk-job-view.js';
import { ResultWalk, type ResultPlace } from './bulk-results.js';
import { BulkConflictError } from './bulk.errors.js';
import { countResults } from './part-results.js';

const RECENT = 20;
const DEFAULT_LIMIT = 100;
const DRAFT_LIFE_MS = 3_600_000;
const KEEP_MS = 30 * 24 * 3_600_000;
const PURGE_EVERY_MS = 600_000;
const EXPORT_LINES = 1_000;
const CSV_HEADER = ['host', 'hostId', 'jail', 'address', 'result', 'code', 'detail'];
const PROBLEM_HEADER = ['line', 'text', 'fault', 'detail'];

/** Lists that were uploaded: started, watched, cancelled, looked into. */
@Injectable()
export class BulkJobsService {
  constructor(
    private readonly database: Database,
    private readonly driver: BulkDriver,
    private readonly guard: LockoutGuard,
    private readonly audit: AuditService,
  ) {}

  /** The latest jobs, newest first. */
  async list(): Promise<BulkJobInfo[]> {
    const { bulk } = this.database.read;
    const jobs = await bulk.listRecent(RECENT);
    const parts = await bulk.partsOfMany(jobs.map(({ id }) => id));
    return jobs.map((job) =>
      toBulkJob(
        job,
        parts.filter(({ jobId }) => jobId === job.id),
        this.driver.rateOf(job.id),
      ),
    );
  }

  /** @throws {NotFoundError} */
  async get(id: string): Promise<BulkJobInfo> {
    const job = await this.find(id);
    return toBulkJob(job, await this.database.read.bulk.parts(id), this.driver.rateOf(id));
  }

  /** A draft as its upload answered. @throws {NotFoundError} */
  async draft(id: string): Promise<BulkDraft> {
    const job = await this.find(id);
    // Only the upload writes it.
    return { job: await this.get(id), preview: job.preview as BulkPreview };
  }

  /**
   * Starts a draft.
   * @throws {BulkConflictError} when it was started before, or by somebody who did not upload it
   * @throws {BanRequestError} when the number was not confirmed
   * @throws {ProtectedAddressError} when it would lock somebody out who was not there at the upload
   */
  async start(actor: Actor, id: string, { confirmedEntries, reason }: BulkStartRequest): Promise<BulkJobInfo> {
    const job = await this.find(id);
    if (!isOwner(job, actor)) throw new BulkConflictError('Only who uploaded a list can start it.');
    if (job.entries === 0) throw new BulkConflictError('The list holds nothing that can be done.');
    if (job.entries > BULK_CONFIRM_ABOVE && confirmedEntries !== job.entries)
      throw new BanRequestError([
        { pointer: '/confirmedEntries', detail: `must be ${job.entries}, the number of addresses` },
      ]);
    if (job.direction === 'ban') await this.assertHarmless(job, actor);
    const nowMs = Date.now();
    const parts = await this.database.read.bulk.parts(id);
    await this.database.withTransaction(async (repositories) => {
      const change = { state: 'running' as const, startedAtMs: nowMs, touchedAtMs: nowMs, reason: reason ?? null };
      if (!(await repositories.bulk.change(id, ['draft'], change)))
        throw new BulkConflictError('This list was started before.');
      for (const [hostId, name] of new Map(parts.map((part) => [part.hostId, part.hostName]))) {
        const jails = parts.filter((part) => part.hostId === hostId).map(({ jail }) => jail);
        await this.audit.record(repositories, {
          actor,
          action: job.direction === 'ban' ? 'bulk.ban' : 'bulk.unban',
          host: { id: hostId, name },
          target: `${job.entries} addresses in ${jails.join(', ')}`,
          after: {
            jobId: id,
            jails,
            entries: job.entries,
            list: job.name,
            reason: reason ?? null,
            ...(job.durationSeconds === null ? {} : { durationSeconds: job.durationSeconds }),
          },
        });
      }
    });
    this.driver.drive(id);
    return this.get(id);
  }

  /** Stops a job; what is done stays. @throws {NotFoundError} @throws {BulkConflictError} */
  async cancel(actor: Actor, id: string): Promise<BulkJobInfo> {
    const job = await this.find(id);
    if (!isOwner(job, actor) && !hasScope(actor, 'admin'))
      throw new BulkConflictError('Only who started a list, or an administrator, can cancel it.');
    await this.database.withTransaction(async (repositories) => {
      const changed = await repositories.bulk.change(id, ['running'], { state: 'cancelling' });
      if (!changed) {
        if (job.state === 'cancelling') return;
        throw new BulkConflictError('This list is not under way.');
      }
      await this.audit.record(repositories, {
        actor,
        action: 'bulk.cancel',
        target: `${job.entries} addresses`,
        after: { jobId: id },
      });
    });
    this.driver.wake(id);
    return this.get(id);
  }

  /** One page of results. @throws {NotFoundError} @throws {InvalidCursorError} */
  async results(id: string, query: BulkResultQuery): Promise<Page<BulkResultRow>> {
    const { limit = DEFAULT_LIMIT, cursor, result, host, q } = query;
    const job = await this.find(id);
    const { bulk } = this.database.read;
    const parts = await bulk.parts(id);
    const walk = new ResultWalk(this.database.read, job, parts);
    const items: BulkResultRow[] = [];
    let nextCursor: string | null = null;
    for await (const { row, place } of walk.rows(query, placeOf(cursor))) {
      if (items.length === limit) {
        nextCursor = `${place.part}.${place.position}`;
        break;
      }
      items.push(row);
    }
    const ofHost = parts.filter(({ hostId }) => host === undefined || hostId === host);
    const counts = ofHost.map((part) => countResults(part, job.entries));
    const total = counts.reduce((sum, one) => sum + (result === undefined ? job.entries : one[result]), 0);
    return { items, nextCursor, total: q === undefined ? total : null };
  }

  /** Results as text, piece by piece. @throws {NotFoundError} */
  async export(id: string, query: BulkExportQuery): Promise<AsyncGenerator<string>> {
    const job = await this.find(id);
    const { bulk } = this.database.read;
    const walk = new ResultWalk(this.database.read, job, await bulk.parts(id));
    const rows = walk.rows(query, { part: 0, position: 0 });
    return inPieces(query.format === 'csv' ? csvLine(CSV_HEADER) : '', mapRows(rows, query.format));
  }

  /** Lines left out, as text, piece by piece. @throws {NotFoundError} */
  async problems(id: string, format: 'csv' | 'jsonl'): Promise<AsyncGenerator<string>> {
    await this.find(id);
    return this.problemLines(id, format);
  }

  @Interval(PURGE_EVERY_MS)
  async purge(): Promise<void> {
    const nowMs = Date.now();
    await this.database.withTransaction(({ bulk }) => bulk.purge(nowMs - DRAFT_LIFE_MS, nowMs - KEEP_MS));
  }

  private async *problemLines(id: string, format: 'csv' | 'jsonl'): AsyncGenerator<string> {
    if (format === 'csv') yield csvLine(PROBLEM_HEADER);
    for (let number = 0; ; number += 1) {
      const body = await this.database.read.bulk.chunk(id, 'problems', number);
      if (body === undefined) return;
      if (format === 'jsonl') yield `${body}\n`;
      else yield body.split('\n').map(problemLine).join('');
    }
  }

  private async assertHarmless(job: BulkJob, actor: Actor): Promise<void> {
    const { bulk } = this.database.read;
    for (let number = 0; ; number += 1) {
      const body = await bulk.chunk(job.id, 'entries', number);
      if (body === undefined) return;
      const findings = await this.guard.check(body.split('\n').map(parseNetwork), actor);
      if (findings.length > 0) throw new ProtectedAddressError(findings);
    }
  }

  private async find(id: string): Promise<BulkJob> {
    const job = await this.database.read.bulk.find(id);
    if (job === null) throw new NotFoundError('No such list');
    return job;
  }
}

function isOwner(job: BulkJob, actor: Actor): boolean {
  return job.ownerKind === actor.kind && job.owner === actor.name;
}

function placeOf(cursor: string | undefined): ResultPlace {
  if (cursor === undefined) return { part: 0, position: 0 };
  const match = /^(\d{1,6})\.(\d{1,6})$/.exec(cursor);
  if (match === null) throw new InvalidCursorError();
  return { part: Number(match[1]), position: Number(match[2]) };
}

async function* mapRows(rows: AsyncIterable<{ row: BulkResultRow }>, format: 'csv' | 'jsonl'): AsyncGenerator<string> {
  for await (const { row } of rows) {
    const { hostName, hostId, jail, address, result, code, detail } = row;
    yield format === 'csv'
      ? csvLine([hostName, hostId, jail, address, result, code, detail])
      : `${JSON.stringify({ hostName, hostId, jail, address, result, code, detail })}\n`;
  }
}

async function* inPieces(head: string, lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece: string[] = [head];
  for await (const line of lines) {
    piece.push(line);
    if (piece.length < EXPORT_LINES) continue;
    yield piece.join('');
    piece = [];
  }
  yield piece.join('');
}

function problemLine(text: string): string {
  const { line, text: shown, fault, detail } = JSON.parse(text) as Record<'line' | 'text' | 'fault' | 'detail', string>;
  return csvLine([Number(line), shown, fault, detail]);
}
