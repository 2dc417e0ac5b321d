import { BULK_CHUNK_SIZE, type BulkFailureRun } from '@bailiff/contracts/agent';
import { BULK_DIRECTIONS, type BulkDirection } from '@bailiff/contracts/http';
import type { SQLOutputValue } from 'node:sqlite';
import type { StateDatabase } from '../state/state-database.js';
import type { ResultRun, StoredJob, StoredState } from './bulk-job.js';

/** Ended jobs are remembered this long, for a gateway that was away. */
const KEEP_ENDED_MS = 2 * 24 * 3_600_000;
/** A list that was not started within this time never will be. */
const KEEP_RECEIVING_MS = 3_600_000;
/** Results of one report: a few messages of the channel's size would fit, one is plenty. */
const REPORT_LETTERS = 20_000;
const REPORT_FAILURES = 500;

/** Lists on disk: what is to be done, how far it came, what came of it. Where the process dies, the next one goes on. */
export class BulkStore {
  readonly #statements;

  constructor(private readonly state: StateDatabase) {
    const { db } = state;
    this.#statements = {
      begin: db.prepare(
        `INSERT OR IGNORE INTO bulk_job (id, direction, jails, entries, state, life_s, duration_s, deadline_ms, begun_ms)
         VALUES (?, ?, ?, ?, 'receiving', ?, ?, 0, ?)`,
      ),
      find: db.prepare('SELECT * FROM bulk_job WHERE id = ?'),
      next: db.prepare(
        `SELECT * FROM bulk_job WHERE state IN ('started', 'cancelling') ORDER BY started_ms, id LIMIT 1`,
      ),
      cancelling: db.prepare(`SELECT * FROM bulk_job WHERE state = 'cancelling'`),
      setState: db.prepare('UPDATE bulk_job SET state = ?, ended_ms = ? WHERE id = ?'),
      start: db.prepare(
        `UPDATE bulk_job SET state = 'started', started_ms = ?, deadline_ms = ? + life_s * 1000
         WHERE id = ? AND state = 'receiving'`,
      ),
      addChunk: db.prepare('INSERT OR IGNORE INTO bulk_chunk (job_id, number, addresses, size) VALUES (?, ?, ?, ?)'),
      chunk: db.prepare('SELECT addresses FROM bulk_chunk WHERE job_id = ? AND number = ?'),
      received: db.prepare('SELECT coalesce(sum(size), 0) AS size FROM bulk_chunk WHERE job_id = ?'),
      addResult: db.prepare(
        'INSERT INTO bulk_result (job_id, jail, position, letters, failures) VALUES (?, ?, ?, ?, ?)',
      ),
      end: db.prepare(
        `SELECT position + length(letters) AS position FROM bulk_result WHERE job_id = ? AND jail = ?
         ORDER BY position DESC LIMIT 1`,
      ),
      results: db.prepare(
        `SELECT position, letters, failures FROM bulk_result WHERE job_id = ? AND jail = ? AND position + length(letters) > ?
         ORDER BY position`,
      ),
      setFlight: db.prepare('INSERT OR REPLACE INTO bulk_flight (job_id, jail, position, size) VALUES (?, ?, ?, ?)'),
      flight: db.prepare('SELECT position, size FROM bulk_flight WHERE job_id = ? AND jail = ?'),
      clearFlight: db.prepare('DELETE FROM bulk_flight WHERE job_id = ? AND jail = ?'),
      forgotten: db.prepare(
        `SELECT id FROM bulk_job WHERE (state = 'ended' AND ended_ms < ?) OR (state = 'receiving' AND begun_ms < ?)`,
      ),
    };
  }

  begin(job: Omit<StoredJob, 'state' | 'deadlineMs'>): void {
    const { id, direction, jails, entries, lifeSeconds, durationSeconds = null } = job;
    this.prune();
    const names = JSON.stringify(jails);
    this.#statements.begin.run(id, direction, names, entries, lifeSeconds, durationSeconds, Date.now());
  }

  find(id: string): StoredJob | undefined {
    return readJob(this.#statements.find.get(id));
  }

  /** The job to carry out now: the one started first. */
  next(): StoredJob | undefined {
    return readJob(this.#statements.next.get());
  }

  /** Jobs that are to end, begun or not. */
  cancelling(): StoredJob[] {
    return this.#statements.cancelling.all().flatMap((row) => readJob(row) ?? []);
  }

  /** From now on it is carried out, until its deadline. */
  start(id: string): void {
    const now = Date.now();
    this.#statements.start.run(now, now, id);
  }

  setState(id: string, state: StoredState): void {
    this.#statements.setState.run(state, state === 'ended' ? Date.now() : null, id);
  }

  addChunk(id: string, index: number, addresses: readonly string[]): void {
    this.#statements.addChunk.run(id, index, addresses.join('\n'), addresses.length);
  }

  /** Addresses that have been handed over. */
  receivedOf(id: string): number {
    return Number(this.#statements.received.get(id)?.['size'] ?? 0);
  }

  /** The chunk that holds a position, and where in it. */
  chunkAt(id: string, position: number): { readonly addresses: readonly string[]; readonly offset: number } {
    const index = Math.floor(position / BULK_CHUNK_SIZE);
    const text = this.#statements.chunk.get(id, index)?.['addresses'];
    return { addresses: String(text ?? '').split('\n'), offset: position - index * BULK_CHUNK_SIZE };
  }

  /** First position of a jail without a result. */
  positionOf(id: string, jail: string): number {
    return Number(this.#statements.end.get(id, jail)?.['position'] ?? 0);
  }

  /** Adds results behind the last ones. Call inside a transaction with what made them so. */
  addResults(id: string, jail: string, position: number, { letters, failures }: ResultRun): void {
    const notes = failures.length === 0 ? null : JSON.stringify(failures);
    this.#statements.addResult.run(id, jail, position, letters, notes);
    this.#statements.clearFlight.run(id, jail);
  }

  /** fail2ban is about to be told; should we die now, what it did is not known. */
  setFlight(id: string, jail: string, position: number, size: number): void {
    this.#statements.setFlight.run(id, jail, position, size);
  }

  /** Entries that fail2ban may have been told when we died. */
  flightOf(id: string, jail: string): { readonly position: number; readonly size: number } | undefined {
    const row = this.#statements.flight.get(id, jail);
    return row === undefined ? undefined : { position: Number(row['position']), size: Number(row['size']) };
  }

  /** Results from a position on, as many as one report holds. */
  resultsFrom(id: string, jail: string, from: number): ResultRun {
    const parts: string[] = [];
    const failures: BulkFailureRun[] = [];
    let [size, expected] = [0, from];
    for (const row of this.#statements.results.iterate(id, jail, from)) {
      const skipped = expected - Number(row['position']);
      const letters = String(row['letters']).slice(skipped, skipped + REPORT_LETTERS - size);
      const end = expected + letters.length;
      // Only addResults() writes here, so the text is a list of runs.
      const notes = row['failures'] === null ? [] : (JSON.parse(String(row['failures'])) as BulkFailureRun[]);
      for (const run of notes)
        if (run.to > expected && run.from < end)
          failures.push({ ...run, from: Math.max(run.from, expected), to: Math.min(run.to, end) });
      parts.push(letters);
      size += letters.length;
      expected = end;
      if (size >= REPORT_LETTERS || failures.length >= REPORT_FAILURES) break;
    }
    return { letters: parts.join(''), failures };
  }

  transaction<T>(work: () => T): T {
    return this.state.transaction(work);
  }

  /** Forgets jobs that ended long ago, and lists nobody ever started. */
  prune(): void {
    const now = Date.now();
    const old = this.#statements.forgotten.all(now - KEEP_ENDED_MS, now - KEEP_RECEIVING_MS);
    if (old.length === 0) return;
    this.transaction(() => {
      for (const { id } of old)
        for (const table of ['bulk_result', 'bulk_flight', 'bulk_chunk'])
          this.state.db.prepare(`DELETE FROM ${table} WHERE job_id = ?`).run(String(id));
      for (const { id } of old) this.state.db.prepare('DELETE FROM bulk_job WHERE id = ?').run(String(id));
    });
  }
}

function readJob(row: Record<string, SQLOutputValue> | undefined): StoredJob | undefined {
  if (row === undefined) return undefined;
  // Only begin() and setState() write these.
  const direction: BulkDirection = BULK_DIRECTIONS.find((one) => one === row['direction']) ?? 'ban';
  return {
    id: String(row['id']),
    direction,
    jails: JSON.parse(String(row['jails'])) as string[],
    entries: Number(row['entries']),
    state: String(row['state']) as StoredState,
    lifeSeconds: Number(row['life_s']),
    durationSeconds: typeof row['duration_s'] === 'number' ? row['duration_s'] : undefined,
    deadlineMs: Number(row['deadline_ms']),
  };
}
