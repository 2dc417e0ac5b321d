import { GEO_REPORT_EVERY_MS, GEO_REPORTS_KEY, type GeoReport } from '@bailiff/contracts/jobs';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { WorkerConfig } from '../worker.config.js';
import { GeoData } from './geo-data.js';

/** Watches the mounted files, and says in Redis which data this worker has and how old they are. */
@Injectable()
export class GeoReports implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(GeoReports.name);
  private readonly field = randomUUID();
  private readonly timers: NodeJS.Timeout[] = [];
  private redis: Redis | undefined;
  private isTold = false;

  constructor(
    private readonly config: WorkerConfig,
    private readonly data: GeoData,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    // A report that cannot be sent now is sent with the next one.
    this.redis = new Redis(this.config.redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
    this.redis.on('error', () => undefined);
    this.redis.on('ready', () => void this.report());
    await this.data.refresh();
    this.timers.push(
      setInterval(() => void this.report(), GEO_REPORT_EVERY_MS).unref(),
      setInterval(() => void this.check(), this.config.geoCheckSeconds * 1_000).unref(),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    try {
      if (this.redis?.status === 'ready') await this.redis.hdel(GEO_REPORTS_KEY, this.field);
    } catch {
      // It grows old by itself.
    }
    this.redis?.disconnect();
  }

  private async check(): Promise<void> {
    try {
      if (!(await this.data.refresh())) return;
      this.logger.log({ dataVersion: this.data.version() }, 'geo data changed');
      await this.report();
    } catch (error) {
      this.logger.warn({ err: error }, 'mounted geo data not looked at');
    }
  }

  private async report(): Promise<void> {
    const report: GeoReport = {
      v: 1,
      atMs: Date.now(),
      dataVersion: this.data.version(),
      sources: this.data.sources(),
    };
    try {
      await this.redis?.hset(GEO_REPORTS_KEY, this.field, JSON.stringify(report));
      this.isTold = false;
    } catch (error) {
      // The next report is tried all the same; one line is enough for an outage, or for a Redis user without the right.
      if (!this.isTold) this.logger.warn({ err: error }, 'geo data not reported');
      this.isTold = true;
    }
  }
}
