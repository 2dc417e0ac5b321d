import { BULK_CHUNK_SIZE } from '@bailiff/contracts/agent';
import type { BulkJob } from '@bailiff/persistence';
import { CommandFailedError } from '../channel/command-failure.js';
import type { HostRunTools } from './bulk-host-run.js';

/** A host gets this long for its share, seconds: what is not done by then is not done later. */
export const LIFE_SECONDS = 6 * 3_600;

/** Gives a host its share of a list, piece by piece; tried again, it goes on where it was. */
export class HandOver {
  private nextChunk = 0;

  /** @param isUnderWay whether the host may have something of it already, from a gateway that is no more */
  constructor(
    private readonly job: BulkJob,
    private readonly hostId: string,
    private readonly tools: Pick<HostRunTools, 'commands' | 'database'>,
    private isUnderWay: boolean,
  ) {}

  /** Whether the host has all of it, so that it may have been started. */
  get isWhole(): boolean {
    return this.nextChunk * BULK_CHUNK_SIZE >= this.job.entries;
  }

  /** Whether what stood in the way is worth waiting for: a host that is away from the first fails at once. */
  canWait({ code }: CommandFailedError): boolean {
    if (code === 'agent/offline') return this.isUnderWay;
    return code === 'edge/unavailable' || code === 'agent/outcome-unknown';
  }

  /**
   * Hands over what is left, and starts it. All of it may be said twice without harm.
   * @param isWanted asked before every piece
   * @returns whether it is started; false when it was not wanted any more
   * @throws {CommandFailedError}
   */
  async attempt(jails: string[], isWanted: () => Promise<boolean>): Promise<boolean> {
    const { commands, database } = this.tools;
    const { id: jobId, direction, entries, durationSeconds } = this.job;
    if (this.nextChunk === 0) {
      const begin = { jobId, direction, jails, entries, lifeSeconds: LIFE_SECONDS };
      const lasting = durationSeconds === null ? {} : { durationSeconds };
      await commands.command(this.hostId, 'bulk.begin', { ...begin, ...lasting });
      this.isUnderWay = true;
    }
    for (; !this.isWhole; this.nextChunk += 1) {
      if (!(await isWanted())) return false;
      const body = (await database.read.bulk.chunk(jobId, 'entries', this.nextChunk)) ?? '';
      const chunk = { jobId, index: this.nextChunk, addresses: body.split('\n') };
      await commands.command(this.hostId, 'bulk.chunk', chunk);
    }
    if (!(await isWanted())) return false;
    await commands.command(this.hostId, 'bulk.start', { jobId });
    return true;
  }
}
