import type { JailFailures, JailInfo } from '@bailiff/contracts/http';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { HostNames } from '../hosts/host-names.js';
import { toJailInfo } from './jail-info.js';

const HOUR_MS = 3_600_000;
const HOURS = 24;

/** Jails as the hosts' agents last reported them. */
@Injectable()
export class JailsService {
  constructor(
    private readonly database: Database,
    private readonly hostNames: HostNames,
  ) {}

  /** Jails of some hosts, or of all; by host and name. */
  async list(hostIds: readonly string[] | undefined): Promise<JailInfo[]> {
    const [names, jails] = await Promise.all([this.hostNames.load(), this.database.read.jails.list(hostIds)]);
    return jails.map((jail) => toJailInfo(jail, names.get(jail.hostId) ?? jail.hostId));
  }

  /** Failures by hour of the last {@link HOURS} hours, this one included; oldest first. */
  async failures(hostIds: readonly string[] | undefined): Promise<JailFailures[]> {
    const toMs = (Math.floor(Date.now() / HOUR_MS) + 1) * HOUR_MS;
    const fromMs = toMs - HOURS * HOUR_MS;
    const counts = await this.database.read.counts.failuresByJail({ hostIds, fromMs, toMs });
    const byJail = new Map<string, { hostId: string; jail: string; hours: number[] }>();
    for (const { hostId, jail, hourMs, count } of counts) {
      const key = `${hostId} ${jail}`;
      const known = byJail.get(key) ?? { hostId, jail, hours: new Array<number>(HOURS).fill(0) };
      known.hours[Math.floor((hourMs - fromMs) / HOUR_MS)] = count;
      byJail.set(key, known);
    }
    return [...byJail.values()];
  }
}
