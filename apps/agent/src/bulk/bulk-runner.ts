import { setTimeout as pause } from 'node:timers/promises';
import type { BulkPart, BulkPartOptions } from './bulk-part.js';
import type { StoredJob } from './bulk-job.js';
import type { BulkStore } from './bulk-store.js';

/** Pause after an error of ours, so that it is not repeated at speed. */
const AFTER_BUG_MS = 5_000;

/** Carries out started lists, one at a time, the one started first before the others, until none is left. */
export class BulkRunner {
  #loop: Promise<void> | undefined;
  readonly #endings = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #part: BulkPart | undefined;
  #jobId: string | undefined;
  #isWanted = false;

  constructor(
    private readonly store: BulkStore,
    private readonly makePart: (options: BulkPartOptions) => BulkPart,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The job that is being carried out. */
  get jobId(): string | undefined {
    return this.#jobId;
  }

  /** Why nothing moves at the moment; undefined when it does. */
  get paused(): string | undefined {
    return this.#part?.paused;
  }

  /** There may be something to do: at start, and whenever a job is started or cancelled. */
  wake(): void {
    this.#part?.wake();
    this.#isWanted = true;
    if (this.#stop.signal.aborted) return;
    this.#endCancelled();
    this.#loop ??= this.#run().finally(() => (this.#loop = undefined));
  }

  /** Stops where it is; the next process goes on from there. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#part?.wake();
    await this.#loop;
    await Promise.all(this.#endings);
  }

  /** What waits behind another list is cancelled now, not when that one is through. */
  #endCancelled(): void {
    const { signal } = this.#stop;
    for (const job of this.store.cancelling()) {
      // Nothing was begun of what never had its turn: there is nothing to do but to write it down.
      if (job.id === this.#jobId || this.#jobId === undefined) continue;
      const ending = (async () => {
        for (const jail of job.jails) await this.makePart({ job, jail, signal }).run();
        if (!signal.aborted) this.store.setState(job.id, 'ended');
      })();
      const settled: Promise<void> = ending.catch(this.onError).finally(() => this.#endings.delete(settled));
      this.#endings.add(settled);
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted && this.#isWanted) {
      this.#isWanted = false;
      try {
        for (let job = this.store.next(); job !== undefined && !signal.aborted; job = this.store.next()) {
          this.#jobId = job.id;
          await this.#carryOut(job);
        }
      } catch (error) {
        this.onError(error);
        this.#isWanted = true;
        await pause(AFTER_BUG_MS, undefined, { signal }).catch(() => undefined);
      } finally {
        this.#jobId = undefined;
        this.#part = undefined;
      }
    }
  }

  async #carryOut(job: StoredJob): Promise<void> {
    const { signal } = this.#stop;
    for (const jail of job.jails) {
      this.#part = this.makePart({ job, jail, signal });
      await this.#part.run();
      if (signal.aborted) return;
    }
    this.store.setState(job.id, 'ended');
  }
}
