import { Database } from '@bailiff/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { rm } from 'node:fs/promises';
import { FleetOptions } from '../channel/fleet-options.js';
import { replacePrivateFile } from '../channel/private-file.js';
import { EnrolmentService } from './enrolment.service.js';

/** Tokens live 15 minutes; a fresh one is there before the old one ends. */
const RENEW_EVERY_MS = 12 * 60_000;

/**
 * Leaves a one-time token in a private file for the agent on this machine, so that it enrols as every other host does,
 * only that nobody has to carry the token. Goes on until such a host is there; then the file goes.
 */
@Injectable()
export class LocalEnrolment implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(LocalEnrolment.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: FleetOptions,
    private readonly database: Database,
    private readonly enrolment: EnrolmentService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const path = this.options.localEnrolmentFile;
    if (path === undefined) return;
    await this.offer(path);
    this.timer = setInterval(() => {
      this.offer(path).catch((error: unknown) => this.logger.error({ err: error }, 'local enrolment not offered'));
    }, RENEW_EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async offer(path: string): Promise<void> {
    const hosts = await this.database.read.hosts.listUsable();
    if (hosts.some(({ isLocal }) => isLocal)) {
      clearInterval(this.timer);
      await rm(path, { force: true });
      return;
    }
    const { token } = await this.enrolment.createLocalToken();
    await replacePrivateFile(path, `${token}\n`);
  }
}
