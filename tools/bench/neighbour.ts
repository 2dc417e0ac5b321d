import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Another client of the same fail2ban, which only pings it now and then: what the console does must not hurt it. */
export class Neighbour {
  readonly #worker: Worker;

  constructor(socketPath: string) {
    this.#worker = new Worker(new URL('./ping-worker.ts', import.meta.url), { workerData: { socketPath, pauseMs: 2 } });
  }

  /** Milliseconds of each ping over a while. */
  async pings(durationMs: number): Promise<number[]> {
    this.#worker.postMessage(durationMs);
    const [samples] = (await once(this.#worker, 'message')) as [number[]];
    return samples;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
