import { hostname } from 'node:os';
import { Database } from '@bailiff/persistence';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { AbandonedActs } from './abandoned-acts.js';
import { GatewayInstanceId } from './gateway-instance-id.js';

/** How often this gateway says that it lives and looks at the others, milliseconds. */
const BEAT_MS = 15_000;
/** Two minutes without a sign: longer than a database is ever kept busy. */
const LOOKS = 8;

/** Acts that a killed gateway left pending end as "unknown", which is the truth; those of a living one never do. */
@Injectable()
export class UnfinishedActs implements OnApplicationBootstrap {
  private readonly logger = new Logger(UnfinishedActs.name);
  private readonly abandoned: AbandonedActs;
  private isBusy = false;

  constructor(
    private readonly database: Database,
    private readonly instance: GatewayInstanceId,
  ) {
    this.abandoned = new AbandonedActs(database, instance.id, LOOKS);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.tick();
  }

  @Interval(BEAT_MS)
  async tick(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      await this.database.withTransaction(({ gateways }) => gateways.beat(this.instance.id, hostname(), Date.now()));
      const ended = await this.abandoned.look(Date.now());
      if (ended > 0) this.logger.warn({ ended }, 'acts of a gateway that is gone ended as unknown');
    } catch (error) {
      this.abandoned.forget();
      this.logger.warn({ err: error }, 'not said that this gateway lives');
    } finally {
      this.isBusy = false;
    }
  }
}
