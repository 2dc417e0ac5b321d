import { Database } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { LiveHosts } from '../live/live-hosts.js';

/** Something about a host that an operator should see: a forged, missing or unusable message, a failed enrolment. */
export interface HostAlarmNotice {
  readonly hostId: string;
  readonly code: string;
  readonly detail: string;
  readonly atMs: number;
}

/** A host's alarms of one code are stored at most this often, milliseconds: a hostile agent must not fill the database. */
const REPEAT_AFTER_MS = 10_000;
const PURGE_EVERY_MS = 3_600_000;
/** Alarms are kept this long, milliseconds, and no more than this many of a host. */
const KEPT_MS = 90 * 86_400_000;
const KEPT_PER_HOST = 5_000;

/** Keeps alarms of hosts and shows them live. Never throws: an alarm must not stop what raised it. */
@Injectable()
export class HostAlarms {
  private readonly logger = new Logger(HostAlarms.name);

  private readonly last = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly liveHosts: LiveHosts,
  ) {}

  async raise({ hostId, code, detail, atMs }: HostAlarmNotice): Promise<void> {
    const key = `${hostId} ${code}`;
    // Steady time: a clock that is set back must not silence a host.
    const now = performance.now();
    if (now - (this.last.get(key) ?? -Infinity) < REPEAT_AFTER_MS) return;
    this.last.set(key, now);
    this.logger.warn({ hostId, code, detail }, 'host alarm');
    try {
      await this.database.withTransaction(({ hosts }) => hosts.addAlarm({ hostId, code, detail, atMs }));
      this.liveHosts.changed(hostId);
    } catch (error) {
      this.logger.error({ err: error, hostId, code }, 'host alarm not stored');
    }
  }

  /** Deletes what is old, and what one host has too many of. */
  @Interval(PURGE_EVERY_MS)
  async purge(): Promise<void> {
    try {
      const beforeMs = Date.now() - KEPT_MS;
      const purged = await this.database.withTransaction(({ hosts }) => hosts.purgeAlarms(beforeMs, KEPT_PER_HOST));
      if (purged > 0) this.logger.log({ purged }, 'old alarms of hosts purged');
    } catch (error) {
      this.logger.warn({ err: error }, 'old alarms of hosts not purged');
    }
  }
}
