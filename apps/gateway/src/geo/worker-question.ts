import type { KeepJobs, Queue, QueueEvents } from 'bullmq';
import { GeoFailedError, GeoUnavailableError } from './geo.errors.js';

/** BullMQ's own wait ends so much later than ours, which is the one that counts; it only lets go of its listeners then. */
const LET_GO_MS = 1_000;

/**
 * Has a worker do a job and waits for what comes of it. Every question is a job of its own: one that failed before, or an
 * answer of long ago, is nobody's answer now.
 * @param timeoutMs for handing it over and the answer together
 * @returns the result, not yet checked
 * @throws {GeoUnavailableError} when there is no answer in time, or nobody to ask
 * @throws {GeoFailedError} when the worker failed
 */
export async function askWorker(
  { queue, events }: { readonly queue: Queue<object, unknown>; readonly events: QueueEvents },
  name: string,
  payload: object,
  options: { readonly timeoutMs: number; readonly removeOnComplete: KeepJobs; readonly removeOnFail: KeepJobs },
): Promise<unknown> {
  const { timeoutMs, ...keep } = options;
  let timer: NodeJS.Timeout | undefined;
  const added = queue.add(name, payload, { ...keep, attempts: 1 }).catch((error: unknown) => {
    throw new GeoUnavailableError(error);
  });
  const answer = added.then(async (job) => {
    try {
      return await job.waitUntilFinished(events, timeoutMs + LET_GO_MS);
    } catch (error) {
      throw new GeoFailedError(error);
    }
  });
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new GeoUnavailableError()), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    // Answered or not: nobody asks for it again. One that a worker is at cannot be removed, and goes with its age.
    void added.then((job) => job.remove()).catch(() => undefined);
  }
}
