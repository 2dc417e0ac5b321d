import { Database } from '@bailiff/persistence';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { DAY_MS } from '../stats/stats-period.js';

const EVERY_MS = 5 * 60_000;
/** Two years: the longest named range and the one before it. */
const KEPT_MS = 731 * DAY_MS;
/** Of failures by jail only the last day is shown; their sums are kept apart. */
const FAILURES_KEPT_MS = 31 * DAY_MS;

/** Notes every few minutes how many are banned, so that the figure has a course. */
@Injectable()
export class BannedSampler implements OnApplicationBootstrap {
  private readonly logger = new Logger(BannedSampler.name);

  constructor(private readonly database: Database) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.tick();
  }

  @Interval(EVERY_MS)
  async tick(): Promise<void> {
    try {
      await this.note(Date.now());
    } catch (error) {
      this.logger.warn({ err: error }, 'banned addresses not counted');
    }
  }

  /** Notes how many are banned at a time, and forgets what is too old to be shown. */
  async note(nowMs: number): Promise<void> {
    await this.database.withTransaction(async ({ bannedCounts, counts }) => {
      await bannedCounts.note(nowMs);
      await bannedCounts.purge(nowMs - KEPT_MS);
      await counts.purgeFailures(nowMs - FAILURES_KEPT_MS);
    });
  }
}
