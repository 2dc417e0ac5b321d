import type { ActiveBan, BanListQuery, Page } from '@bailiff/contracts/http';
import { Database } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { NetworkInfo } from '../geo/network-info.js';
import { HostNames } from '../hosts/host-names.js';
import { hostScope } from '../hosts/host-scope.js';
import { LiveFeed } from '../live/live-feed.js';
import { toActiveBan } from './active-ban.js';
import { BanNotes } from './ban-notes.js';

/** fail2ban lifts bans once a second or so and reports it; a ban past its end by more than this was never reported. */
const GRACE_MS = 60_000;
const SWEEP_EVERY_MS = 30_000;

/** What is banned now, by our own table: no page ever asks a host's fail2ban for its lists. */
@Injectable()
export class BanListService {
  private readonly logger = new Logger(BanListService.name);

  constructor(
    private readonly database: Database,
    private readonly hostNames: HostNames,
    private readonly feed: LiveFeed,
    private readonly notes: BanNotes,
    private readonly networks: NetworkInfo,
  ) {}

  async page(query: BanListQuery): Promise<Page<ActiveBan>> {
    const { hosts, jail, q, country, asn, origin } = query;
    const filter = { hostIds: hostScope(hosts), jail, q, country, asn, origin };
    const { activeBans } = this.database.read;
    const [names, { items, nextCursor }, total] = await Promise.all([
      this.hostNames.load(),
      activeBans.page(filter, query),
      activeBans.count(filter),
    ]);
    const reasons = await this.notes.reasons(items);
    const facts = await this.networks.describe(items.map(({ address }) => address));
    return {
      items: items.map((row) => ({
        ...toActiveBan(row, names.get(row.hostId) ?? row.hostId, facts.get(row.address)),
        ...(reasons.has(row.id) ? { reason: reasons.get(row.id) ?? '' } : {}),
      })),
      nextCursor,
      total,
    };
  }

  @Interval(SWEEP_EVERY_MS)
  async sweep(): Promise<void> {
    try {
      await this.dropExpired(Date.now());
    } catch (error) {
      this.logger.warn({ err: error }, 'expired bans not swept');
    }
  }

  /** Drops bans whose end is long past: their host is offline, or its unban was lost with its log. */
  async dropExpired(nowMs: number): Promise<void> {
    const dropped = await this.database.withTransaction(({ activeBans }) => activeBans.purgeExpired(nowMs - GRACE_MS));
    if (dropped > 0) this.feed.publish({ type: 'resync' });
  }
}
