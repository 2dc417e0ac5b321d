import type { AddressBan, AddressEventsQuery, AddressReport, HistoryEntry, Page } from '@bailiff/contracts/http';
import {
  addressCount,
  contains,
  family,
  isAddress,
  isPrivateOrReserved,
  type IpNetwork,
  parseNetwork,
  tryParseNetwork,
} from '@bailiff/ip';
import { type ActiveBan, Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { toActiveBan } from '../bans/active-ban.js';
import { toHistoryEntry } from '../history/history-entry.js';
import { HostNames } from '../hosts/host-names.js';
import { AddressLists } from './address-lists.js';
import { AddressOrigins } from './address-origins.js';

/** Current bans of one report. A wide network has more; its page links to the whole list. */
const MAX_BANS = 200;
/** Newest events summed up by place. */
const MAX_EVENTS = 20_000;
const MAX_NEIGHBOURS = 12;
/** What one subscriber or one small network usually has. */
const NEIGHBOURHOOD = { 4: 24, 6: 64 } as const;

/** Everything known about one address or network. */
@Injectable()
export class AddressReportsService {
  constructor(
    private readonly database: Database,
    private readonly hostNames: HostNames,
    private readonly lists: AddressLists,
    private readonly origins: AddressOrigins,
  ) {}

  /** @param text an address or network, however written */
  async report(actor: Actor, text: string): Promise<AddressReport> {
    const network = parseNetwork(text);
    const around = neighbourhoodOf(network);
    const { addresses } = this.database.read;
    const [names, origin, bans, bannedNow, { places, isCapped }, lists, neighbours] = await Promise.all([
      this.hostNames.load(),
      this.origins.of(network),
      addresses.activeBans(network, MAX_BANS),
      addresses.countActiveBans(network),
      addresses.places(network, MAX_EVENTS),
      this.lists.touching(network, actor),
      around === undefined ? undefined : addresses.bannedInside(around, network, MAX_NEIGHBOURS),
    ]);
    return {
      address: network,
      family: family(network),
      size: String(addressCount(network)),
      isReserved: isPrivateOrReserved(network),
      ...origin,
      bans: bans.map((row) => toAddressBan(row, network, names)),
      bannedNow,
      places: places.map(({ hostId, jail, bans: count, unbans, firstAtMs, lastAtMs }) => ({
        hostId,
        hostName: names.get(hostId) ?? hostId,
        jail,
        bans: count,
        unbans,
        firstAt: new Date(firstAtMs).toISOString(),
        lastAt: new Date(lastAtMs).toISOString(),
      })),
      isCapped,
      lists,
      neighbourhood: around ?? null,
      neighboursBanned: neighbours?.count ?? 0,
      neighbours: (neighbours?.addresses ?? []).map(({ address, bans: count, sinceMs }) => ({
        address,
        bans: count,
        since: new Date(sinceMs).toISOString(),
      })),
    };
  }

  /** Its bans and unbans on every host, newest first. */
  async events({ address, ...page }: AddressEventsQuery): Promise<Page<HistoryEntry>> {
    const [names, { items, nextCursor }] = await Promise.all([
      this.hostNames.load(),
      this.database.read.addresses.events(parseNetwork(address), page),
    ]);
    return {
      items: items.map((event) => toHistoryEntry(event, names.get(event.hostId) ?? event.hostId)),
      nextCursor,
      total: null,
    };
  }
}

/** The network that a single address is judged with; undefined for a network. */
function neighbourhoodOf(network: IpNetwork): IpNetwork | undefined {
  return isAddress(network) ? parseNetwork(`${network}/${NEIGHBOURHOOD[family(network)]}`) : undefined;
}

function toAddressBan(row: ActiveBan, about: IpNetwork, names: ReadonlyMap<string, string>): AddressBan {
  const ban = toActiveBan(row, names.get(row.hostId) ?? row.hostId);
  const banned = tryParseNetwork(row.address);
  if (banned === undefined || banned === about) return { ...ban, relation: 'itself' };
  return { ...ban, relation: contains(banned, about) ? 'around' : 'inside' };
}
