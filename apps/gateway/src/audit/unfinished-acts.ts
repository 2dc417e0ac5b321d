import { Database } from '@bailiff/persistence';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';

/** No act takes this long, milliseconds: one still pending then was cut short by the end of a process. */
const LONGEST_ACT_MS = 5 * 60_000;

/** Acts that a killed gateway left pending end as "unknown", which is the truth. */
@Injectable()
export class UnfinishedActs implements OnApplicationBootstrap {
  private readonly logger = new Logger(UnfinishedActs.name);

  constructor(private readonly database: Database) {}

  async onApplicationBootstrap(): Promise<void> {
    const now = Date.now();
    const marked = await this.database.withTransaction(({ audit }) => audit.markUnfinished(now - LONGEST_ACT_MS, now));
    if (marked > 0) this.logger.warn({ marked }, 'acts of an earlier run never completed');
  }
}
