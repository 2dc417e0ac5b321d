import { Database } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression, Interval } from '@nestjs/schedule';
import { SYSTEM_ACTOR } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { HostAlarms } from '../channel/host-alarms.js';
import { HostRegistry } from './host-registry.js';

/** A host that enrolled and has not said a signed hello within this time is shut out again, milliseconds. */
export const HELLO_WITHIN_MS = 10 * 60_000;
const CHECK_EVERY_MS = 30_000;
/** Tokens are kept this long after their end, so that their state can still be asked for, milliseconds. */
const TOKENS_KEPT_MS = 86_400_000;

/** Shuts out hosts that enrolled and were never heard of. */
@Injectable()
export class PendingHosts {
  private readonly logger = new Logger(PendingHosts.name);

  constructor(
    private readonly database: Database,
    private readonly registry: HostRegistry,
    private readonly alarms: HostAlarms,
    private readonly audit: AuditService,
  ) {}

  @Interval(CHECK_EVERY_MS)
  async expireDue(): Promise<void> {
    try {
      await this.expire(Date.now());
    } catch (error) {
      this.logger.warn({ err: error }, 'pending hosts not checked');
    }
  }

  @Cron(CronExpression.EVERY_DAY_AT_3AM)
  async purgeTokens(): Promise<void> {
    try {
      await this.database.withTransaction(({ enrolmentTokens }) => enrolmentTokens.purge(Date.now() - TOKENS_KEPT_MS));
    } catch (error) {
      this.logger.warn({ err: error }, 'expired enrolment tokens not purged');
    }
  }

  /** Revokes every host still pending since before `nowMs` less {@link HELLO_WITHIN_MS}. */
  async expire(nowMs: number): Promise<void> {
    const hosts = await this.database.read.hosts.listUsable();
    for (const host of hosts) {
      if (host.state !== 'pending' || nowMs - host.enrolledAtMs < HELLO_WITHIN_MS) continue;
      const detail = 'enrolled, but no signed hello came in time; shut out again';
      await this.alarms.raise({ hostId: host.id, code: 'enrolment_timeout', detail, atMs: nowMs });
      await this.audit.act({ actor: SYSTEM_ACTOR, action: 'host.revoke', host, target: detail }, () =>
        this.registry.revoke(host.id),
      );
    }
  }
}
