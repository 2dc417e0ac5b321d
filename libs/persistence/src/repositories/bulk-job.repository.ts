import { type EntityManager, In, LessThan, MoreThan, Not } from 'typeorm';
import { ActiveBan, BulkChunk, BulkFailure, BulkJob, BulkPart } from '../entities/index.js';
import { execute, storableText } from '../sql/dialect.js';

/** Rows of one insert. */
const INSERT_ROWS = 50;
/** Addresses of one question about current bans. */
const ASK_ROWS = 400;

/** A part without its letters, and how many of each there are. */
export interface BulkPartChange {
  readonly state: BulkPart['state'];
  readonly code?: string | null;
  readonly detail?: string | null;
  readonly heardAtMs?: number;
}

/** Lists of addresses to ban or unban. */
export class BulkJobRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Stores a list with everything that belongs to it. */
  async insert(job: BulkJob, chunks: readonly BulkChunk[], parts: readonly BulkPart[]): Promise<void> {
    await this.manager.insert(BulkJob, { ...job, name: job.name === null ? null : storableText(job.name) });
    for (let at = 0; at < chunks.length; at += INSERT_ROWS)
      await this.manager.insert(BulkChunk, chunks.slice(at, at + INSERT_ROWS));
    for (let at = 0; at < parts.length; at += INSERT_ROWS)
      await this.manager.insert(BulkPart, parts.slice(at, at + INSERT_ROWS));
  }

  find(id: string): Promise<BulkJob | null> {
    return this.manager.findOneBy(BulkJob, { id });
  }

  /** The latest, drafts left out. */
  listRecent(limit: number): Promise<BulkJob[]> {
    return this.manager.find(BulkJob, { where: { state: Not('draft') }, order: { createdAtMs: 'DESC' }, take: limit });
  }

  /** Jobs under way that nobody has written about since a time. */
  listAbandoned(touchedBeforeMs: number): Promise<BulkJob[]> {
    return this.manager.findBy(BulkJob, {
      state: In(['running', 'cancelling']),
      touchedAtMs: LessThan(touchedBeforeMs),
    });
  }

  /** Takes a job over. Of several that try at once exactly one gets `true`. */
  async claim(id: string, touchedBeforeMs: number, nowMs: number): Promise<boolean> {
    const { affected } = await this.manager.update(
      BulkJob,
      { id, touchedAtMs: LessThan(touchedBeforeMs), state: In(['running', 'cancelling']) },
      { touchedAtMs: nowMs },
    );
    return affected === 1;
  }

  /** Changes a job that is still in one of some states; whether it was. */
  async change(id: string, from: readonly BulkJob['state'][], change: Partial<BulkJob>): Promise<boolean> {
    const { reason } = change;
    const stored = typeof reason === 'string' ? { ...change, reason: storableText(reason) } : change;
    const { affected } = await this.manager.update(BulkJob, { id, state: In([...from]) }, stored);
    return affected === 1;
  }

  parts(jobId: string): Promise<BulkPart[]> {
    return this.manager.find(BulkPart, { where: { jobId }, order: { number: 'ASC' } });
  }

  partsOfMany(jobIds: readonly string[]): Promise<BulkPart[]> {
    return this.manager.find(BulkPart, { where: { jobId: In([...jobIds]) }, order: { number: 'ASC' } });
  }

  /** Changes a part that has not ended; whether it had not. */
  async changePart(jobId: string, number: number, change: BulkPartChange): Promise<boolean> {
    const open = { jobId, number, state: In(['sending', 'running', 'waiting']) };
    const { affected } = await this.manager.update(BulkPart, open, withStorableDetail(change));
    return affected === 1;
  }

  /**
   * Adds letters behind the `known` ones and the reasons that came with them. What somebody else added meanwhile stays.
   * @returns whether the part held exactly `known` letters
   */
  async addResults(
    jobId: string,
    number: number,
    known: number,
    letters: string,
    failures: readonly BulkFailure[],
  ): Promise<boolean> {
    const rows = await execute(
      this.manager,
      'UPDATE bulk_part SET results = results || ? WHERE job_id = ? AND number = ? AND length(results) = ? RETURNING number',
      [letters, jobId, number, known],
    );
    if (!Array.isArray(rows) || rows.length === 0) return false;
    for (let at = 0; at < failures.length; at += INSERT_ROWS)
      await this.manager.insert(BulkFailure, failures.slice(at, at + INSERT_ROWS).map(withStorableDetail));
    return true;
  }

  /** Why entries of a part between two positions were not done, in their order. */
  failures(jobId: string, part: number, fromPosition: number, toPosition: number): Promise<BulkFailure[]> {
    const where = { jobId, part, fromPosition: LessThan(toPosition), toPosition: MoreThan(fromPosition) };
    return this.manager.find(BulkFailure, { where, order: { fromPosition: 'ASC' } });
  }

  /** One chunk of entries or of lines left out, as stored; undefined past the last. */
  async chunk(jobId: string, kind: BulkChunk['kind'], number: number): Promise<string | undefined> {
    return (await this.manager.findOneBy(BulkChunk, { jobId, kind, number }))?.body;
  }

  /** How many current bans there are of some addresses in some jails of some hosts. */
  async countBanned(
    hostIds: readonly string[],
    jails: readonly string[],
    addresses: readonly string[],
  ): Promise<number> {
    let count = 0;
    for (let at = 0; at < addresses.length; at += ASK_ROWS) {
      count += await this.manager.countBy(ActiveBan, {
        hostId: In([...hostIds]),
        jail: In([...jails]),
        address: In(addresses.slice(at, at + ASK_ROWS)),
      });
    }
    return count;
  }

  /** Deletes drafts and ended jobs made before their times; how many. */
  async purge(draftsBeforeMs: number, endedBeforeMs: number): Promise<number> {
    const drafts = await this.manager.delete(BulkJob, { state: 'draft', createdAtMs: LessThan(draftsBeforeMs) });
    const ended = await this.manager.delete(BulkJob, {
      state: In(['done', 'cancelled']),
      createdAtMs: LessThan(endedBeforeMs),
    });
    return (drafts.affected ?? 0) + (ended.affected ?? 0);
  }
}

/** What a host says may hold what PostgreSQL refuses. */
function withStorableDetail<Row extends { readonly detail?: string | null }>(row: Row): Row {
  return typeof row.detail === 'string' ? { ...row, detail: storableText(row.detail) } : row;
}
