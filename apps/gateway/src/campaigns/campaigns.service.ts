import type { Campaign, CampaignList, CampaignQuery, CampaignRange } from '@bailiff/contracts/http';
import { tryParseNetwork } from '@bailiff/ip';
import { Database, type SourcePlace } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { hostScope } from '../hosts/host-scope.js';
import { type SourceGroup, SourceGroups } from './source-groups.js';

const DAY_MS = 86_400_000;
const RANGE_MS: Record<CampaignRange, number> = {
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '365d': 365 * DAY_MS,
};
/** Bans read in one go: a few milliseconds, in between which others have their turn. */
const SLICE = 500;
/** Bans looked through, newest first: the answer takes as long on any archive. */
const MAX_EXAMINED = 40_000;
const MAX_SHOWN = 200;
const REMEMBERED_MS = 15_000;
const DEFAULT_MIN = 4;

/** Networks from which many addresses were banned. */
@Injectable()
export class CampaignsService {
  private readonly remembered = new Map<string, { readonly atMs: number; readonly list: Promise<CampaignList> }>();

  constructor(private readonly database: Database) {}

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
    let place: SourcePlace = { atMs: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };
    let examined = 0;
    let isComplete = false;
    while (examined < MAX_EXAMINED) {
      const slice = await this.database.read.campaigns.newest(fromMs, place, SLICE);
      for (const source of slice) if (hostIds === undefined || hostIds.includes(source.hostId)) groups.add(source);
      examined += slice.length;
      const last = slice.at(-1);
      if (last === undefined || slice.length < SLICE) {
        isComplete = true;
        break;
      }
      place = last;
      await nextTurn();
    }
    const campaigns: Campaign[] = [];
    for (const group of (await groups.campaigns(min)).slice(0, MAX_SHOWN))
      campaigns.push(await this.describe(group, hostIds));
    return { campaigns, examined, isComplete };
  }

  private async describe(group: SourceGroup, hostIds: readonly string[] | undefined): Promise<Campaign> {
    const { firstMs, lastMs, ...rest } = group;
    const { activeBans } = this.database.read;
    const network = tryParseNetwork(group.network);
    return {
      ...rest,
      firstAt: new Date(firstMs).toISOString(),
      lastAt: new Date(lastMs).toISOString(),
      activeBans: network === undefined ? 0 : await activeBans.countInNetwork(network, hostIds),
      isBanned: network !== undefined && (await activeBans.countOf(network, hostIds)) > 0,
    };
  }
}
