import type { LiveMessage } from '@bailiff/contracts/http';
import { type ActiveBan, type BanEvent, Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { toActiveBan } from '../bans/active-ban.js';
import { NetworkInfo } from '../geo/network-info.js';
import { toHistoryEntry } from '../history/history-entry.js';
import { HostNames } from '../hosts/host-names.js';
import { CATCH_UP_LIMIT, LiveCatchUp, type Missed } from './live-catch-up.js';

/** The live message of a stored ban or unban. */
export function eventMessage(
  event: BanEvent,
  active: ActiveBan | null,
  hostName: string,
  asName: string | null = null,
): LiveMessage {
  const feedId = String(event.id);
  const entry = toHistoryEntry(event, hostName, asName);
  if (event.kind === 'unban') return { type: 'unban_event', feedId, event: entry };
  const ban = active === null ? null : toActiveBan(active, hostName, { asn: event.asn, asName });
  return { type: 'ban_event', feedId, event: entry, active: ban };
}

/** Catches clients up from the archive, whose ids are the feed's positions. */
@Injectable()
export class ArchiveCatchUp extends LiveCatchUp {
  constructor(
    private readonly database: Database,
    private readonly hostNames: HostNames,
    private readonly networks: NetworkInfo,
  ) {
    super();
  }

  async read(since: number | undefined): Promise<Missed> {
    const { banEvents } = this.database.read;
    const last = await banEvents.lastId();
    if (since === undefined) return { messages: [], head: last };
    // A position past our last was given out by another database.
    if (since > last) return { messages: undefined, head: last };
    const events = await banEvents.after(since, CATCH_UP_LIMIT + 1);
    if (events.length > CATCH_UP_LIMIT) return { messages: undefined, head: last };
    return { messages: await this.describe(events), head: events.at(-1)?.id ?? last };
  }

  private async describe(events: readonly BanEvent[]): Promise<LiveMessage[]> {
    const active = await this.activeOf(events);
    const names = await this.networks.asNames(events.flatMap(({ asn }) => asn ?? []));
    return Promise.all(
      events.map(async (event) => {
        const current = active.get(keyOf(event));
        const own = current?.bannedAtMs === event.atMs ? current : null;
        return eventMessage(event, own, await this.hostNames.of(event.hostId), names.get(event.asn ?? 0));
      }),
    );
  }

  private async activeOf(events: readonly BanEvent[]): Promise<Map<string, ActiveBan>> {
    const byHost = new Map<string, Set<string>>();
    for (const { hostId, address } of events) byHost.set(hostId, (byHost.get(hostId) ?? new Set()).add(address));
    const found = new Map<string, ActiveBan>();
    for (const [hostId, addresses] of byHost) {
      const bans = await this.database.read.activeBans.findByAddresses(hostId, [...addresses]);
      for (const ban of bans) found.set(keyOf(ban), ban);
    }
    return found;
  }
}

const keyOf = ({ hostId, jail, address }: { hostId: string; jail: string; address: string }) =>
  `${hostId}\n${jail}\n${address}`;
