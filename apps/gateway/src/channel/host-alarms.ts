import { Database } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
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
    if (atMs - (this.last.get(key) ?? -Infinity) < REPEAT_AFTER_MS) return;
    this.last.set(key, atMs);
    this.logger.warn({ hostId, code, detail }, 'host alarm');
    try {
      await this.database.withTransaction(({ hosts }) => hosts.addAlarm({ hostId, code, detail, atMs }));
      this.liveHosts.changed(hostId);
    } catch (error) {
      this.logger.error({ err: error, hostId, code }, 'host alarm not stored');
    }
  }
}
