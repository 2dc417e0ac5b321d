import {
  BULK_CHUNK_SIZE,
  type BulkAgentState,
  type BulkBeginArgs,
  type BulkChunkArgs,
  type BulkJobArgs,
  type BulkReport,
  type BulkReportArgs,
} from '@bailiff/contracts/agent';
import { parseNetwork } from '@bailiff/ip';
import type { StoredJob } from './bulk-job.js';
import type { BulkRunner } from './bulk-runner.js';
import type { BulkStore } from './bulk-store.js';
import { jobConflict, unknownJob } from './bulk.errors.js';

/** Takes lists from the gateway, starts and stops them, and tells how they go. */
export class BulkCommands {
  constructor(
    private readonly store: BulkStore,
    private readonly runner: BulkRunner,
  ) {}

  /** `bulk.begin`. */
  begin({ jobId, ...job }: BulkBeginArgs): Record<string, never> {
    const { direction, jails, entries, lifeSeconds, durationSeconds } = job;
    this.store.begin({ id: jobId, direction, jails, entries, lifeSeconds, durationSeconds });
    return {};
  }

  /** `bulk.chunk`. */
  addChunk({ jobId, index, addresses }: BulkChunkArgs): Record<string, never> {
    const { entries, state } = this.#job(jobId);
    // Said again after the answer was lost: it is here already.
    if (state !== 'receiving') return {};
    const expected = Math.min(BULK_CHUNK_SIZE, entries - index * BULK_CHUNK_SIZE);
    if (addresses.length !== expected) throw jobConflict(`Chunk ${index} must hold ${expected} addresses`);
    this.store.addChunk(jobId, index, addresses.map(parseNetwork));
    return {};
  }

  /** `bulk.start`. */
  start({ jobId }: BulkJobArgs): Record<string, never> {
    const { entries, state } = this.#job(jobId);
    const received = this.store.receivedOf(jobId);
    if (received !== entries) throw jobConflict(`Only ${received} of ${entries} addresses arrived; nothing was done`);
    if (state === 'receiving') this.store.start(jobId);
    this.runner.wake();
    return {};
  }

  /** `bulk.cancel`: stops within the command that fail2ban is carrying out. */
  cancel({ jobId }: BulkJobArgs): Record<string, never> {
    const { state } = this.#job(jobId);
    if (state === 'ended') return {};
    this.store.setState(jobId, state === 'receiving' ? 'ended' : 'cancelling');
    this.runner.wake();
    return {};
  }

  /** `bulk.report`. */
  report({ jobId, jail, from }: BulkReportArgs): BulkReport {
    const job = this.#job(jobId);
    const { letters, failures } = this.store.resultsFrom(jobId, jail, from);
    return { ...this.#stateOf(job), from, results: letters, failures };
  }

  #stateOf({ id, state }: StoredJob): { state: BulkAgentState; detail: string | null } {
    if (state !== 'started') return { state, detail: null };
    const { jobId, paused } = this.runner;
    if (jobId !== id) return { state: 'queued', detail: null };
    return paused === undefined ? { state: 'running', detail: null } : { state: 'paused', detail: paused };
  }

  #job(id: string): StoredJob {
    const job = this.store.find(id);
    if (job === undefined) throw unknownJob();
    return job;
  }
}
