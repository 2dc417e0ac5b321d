import { Database } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { GeoLookups } from './geo-lookups.js';

/** Addresses that no ban named for this long are forgotten, milliseconds. */
const UNUSED_MS = 90 * 86_400_000;

/** Keeps what is known of addresses complete and small. */
@Injectable()
export class GeoUpkeep {
  private readonly logger = new Logger(GeoUpkeep.name);

  constructor(
    private readonly database: Database,
    private readonly lookups: GeoLookups,
  ) {}

  /** Takes up addresses whose answer never came: the worker was away for longer than its jobs live. */
  @Cron(CronExpression.EVERY_HOUR)
  async resumeMissing(): Promise<void> {
    await this.lookups.resumeMissing();
  }

  @Cron(CronExpression.EVERY_DAY_AT_4AM)
  async purgeUnused(): Promise<void> {
    try {
      const purged = await this.database.withTransaction(({ geo }) => geo.purge(Date.now() - UNUSED_MS));
      if (purged > 0) this.logger.log({ purged }, 'unused addresses forgotten');
    } catch (error) {
      this.logger.warn({ err: error }, 'unused addresses not purged');
    }
  }
}
