import type { Campaign, CampaignList, CampaignQuery, CampaignRange } from '@bailiff/contracts/http';
import { coveringKeys, networkOfKey, networkRange, tryParseNetwork } from '@bailiff/ip';
import { Database, type SourcePlace } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { NetworkInfo } from '../geo/network-info.js';
import { hostScope } from '../hosts/host-scope.js';
import { type SourceGroup, SourceGroups } from './source-groups.js';

const DAY_MS = 86_400_000;
const RANGE_MS: Record<CampaignRange, number> = {
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '365d': 365 * DAY_MS,
};
/** Bans read in one go: a millisecond or two, in between which others have their turn. */
const SLICE = 500;
/** Hosts that are read one by one; the bans of more are picked from everybody's. */
const MAX_HOSTS = 50;
/** Bans looked through, newest first: the answer takes as long on any archive. */
const MAX_EXAMINED = 40_000;
const MAX_SHOWN = 200;
/** Addresses asked about in one go. */
const ASKED = 1_000;
/** Addresses of an autonomous system that are named. */
const SAMPLE = 20;
const REMEMBERED_MS = 15_000;
const DEFAULT_MIN = 4;

/** Networks from which many addresses were banned. */
@Injectable()
export class CampaignsService {
  private readonly remembered = new Map<string, { readonly atMs: number; readonly list: Promise<CampaignList> }>();

  constructor(
    private readonly database: Database,
    private readonly networks: NetworkInfo,
  ) {}

  list(query: CampaignQuery): Promise<CampaignList> {
    const { hosts = '', range = '7d', min = DEFAULT_MIN } = query;
    const key = `${range} ${min} ${hosts}`;
    const known = this.remembered.get(key);
    if (known !== undefined && Date.now() - known.atMs < REMEMBERED_MS) return known.list;
    if (this.remembered.size > 50) this.remembered.clear();
    const list = this.find(hostScope(query.hosts), Date.now() - RANGE_MS[range], min);
    this.remembered.set(key, { atMs: Date.now(), list });
    list.catch(() => this.remembered.delete(key));
    return list;
  }

  private async find(hostIds: readonly string[] | undefined, fromMs: number, min: number): Promise<CampaignList> {
    const groups = new SourceGroups();
    const single = hostIds !== undefined && hostIds.length <= MAX_HOSTS ? hostIds : undefined;
    const isMeant = (hostId: string) => single !== undefined || hostIds === undefined || hostIds.includes(hostId);
    let examined = 0;
    let isComplete = true;
    for (const hostId of single ?? [undefined]) {
      const read = await this.gather(groups, fromMs, hostId, Math.ceil(MAX_EXAMINED / (single?.length ?? 1)), isMeant);
      examined += read.examined;
      isComplete &&= read.isComplete;
    }
    const found = await groups.campaigns(min, MAX_SHOWN);
    await nextTurn();
    return { campaigns: await this.describe(found, hostIds), examined, isComplete };
  }

  /** Takes in the newest bans of one host, or of all. */
  private async gather(
    groups: SourceGroups,
    fromMs: number,
    hostId: string | undefined,
    limit: number,
    isMeant: (hostId: string) => boolean,
  ): Promise<{ examined: number; isComplete: boolean }> {
    let place: SourcePlace = { atMs: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };
    let examined = 0;
    while (examined < limit) {
      const size = Math.min(SLICE, limit - examined);
      const slice = await this.database.read.campaigns.newest(fromMs, place, size, hostId);
      for (const source of slice) if (isMeant(source.hostId)) groups.add(source);
      examined += slice.length;
      const last = slice.at(-1);
      if (last === undefined || slice.length < size) return { examined, isComplete: true };
      place = last;
      await nextTurn();
    }
    return { examined, isComplete: false };
  }

  private async describe(
    groups: readonly SourceGroup[],
    hostIds: readonly string[] | undefined,
  ): Promise<readonly Campaign[]> {
    const { campaigns } = this.database.read;
    const networks = groups.flatMap(({ network }) => tryParseNetwork(network) ?? []);
    const inside = await campaigns.activeIn(networks.map(networkRange), hostIds);
    await nextTurn();
    const active = new Map<string, number>(networks.map((network, index) => [network, inside[index] ?? 0]));
    const around = new Map<string, readonly string[]>(networks.map((network) => [network, coveringKeys(network)]));
    await nextTurn();
    const banned = await campaigns.activeOf([...new Set([...around.values()].flat())], hostIds);
    await nextTurn();
    const singles = await this.activeSingles(groups, hostIds);
    await nextTurn();
    const names = await this.networks.asNames(groups.flatMap(({ asn }) => asn ?? []));
    return groups.map(({ firstMs, lastMs, keys, ...group }) => ({
      ...group,
      ...nameOf(names, group.asn),
      sample: keys.slice(0, SAMPLE).flatMap((key) => networkOfKey(key) ?? []),
      firstAt: new Date(firstMs).toISOString(),
      lastAt: new Date(lastMs).toISOString(),
      activeBans: active.get(group.network) ?? keys.reduce((sum, key) => sum + (singles.get(key) ?? 0), 0),
      isBanned: around.get(group.network)?.some((key) => banned.has(key)) ?? false,
    }));
  }

  /** Current bans of the addresses of autonomous systems. */
  private async activeSingles(
    groups: readonly SourceGroup[],
    hostIds: readonly string[] | undefined,
  ): Promise<Map<string, number>> {
    const keys = [...new Set(groups.flatMap((group) => group.keys))];
    await nextTurn();
    const found = new Map<string, number>();
    for (let start = 0; start < keys.length; start += ASKED) {
      const some = await this.database.read.campaigns.activeOf(keys.slice(start, start + ASKED), hostIds);
      for (const [key, bans] of some) found.set(key, bans);
      await nextTurn();
    }
    return found;
  }
}

function nameOf(names: ReadonlyMap<number, string>, asn: number | null): Pick<Campaign, 'asName'> {
  const asName = asn === null ? undefined : names.get(asn);
  return asName === undefined ? {} : { asName };
}
