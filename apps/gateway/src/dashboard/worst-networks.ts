import type { WorstNetwork } from '@bailiff/contracts/http';
import { family, parseAddress, parseNetwork } from '@bailiff/ip';
import { Database, type RollupFilter, SAMPLE } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { AsNames } from '../geo/as-names.js';

import type { Period } from '../stats/stats-period.js';
import { stepOf } from '../stats/timeline.js';
import { courseFor, foldInto } from './dashboard-range.js';

/** Who attacks most: an autonomous system where the data know it, else a network of the size that one party usually has. */
@Injectable()
export class WorstNetworks {
  constructor(
    private readonly database: Database,
    private readonly names: AsNames,
  ) {}

  /** `before`: the period to compare with, when something was recorded then. */
  async find(period: Period, filter: RollupFilter, before: RollupFilter | undefined): Promise<WorstNetwork | null> {
    // The second may be the first that is known: bans of unknown networks are counted under an empty key.
    const [top] = (await this.database.read.rollups.top(filter, 'asn', 2)).filter(({ key }) => key !== '');
    return top === undefined ? this.subnet(filter) : this.system(top.key, period, filter, before);
  }

  private async system(
    key: string,
    period: Period,
    filter: RollupFilter,
    before: RollupFilter | undefined,
  ): Promise<WorstNetwork> {
    const { rollups } = this.database.read;
    const asn = Number(key);
    const only = { ...filter, keys: [key] };
    const [points, earlier, names] = await Promise.all([
      rollups.series(only, 'asn', stepOf(period)),
      before === undefined ? null : rollups.top({ ...before, keys: [key] }, 'asn', 1),
      this.names.find([asn]),
    ]);
    const counts = points.map(({ atMs, bans }) => ({ atMs, count: bans }));
    const figure = {
      value: counts.reduce((sum, { count }) => sum + count, 0),
      previous: earlier === null ? null : (earlier[0]?.bans ?? 0),
      series: foldInto(courseFor(period), counts.map(within(period))),
    };
    return { asn, name: names.get(asn) ?? null, label: `AS${asn}`, figure, sample: null };
  }

  /** Nobody knows the networks: what the newest bans have in common. */
  private async subnet(filter: RollupFilter): Promise<WorstNetwork | null> {
    const top = await this.database.read.counts.topSubnet(filter);
    if (top === undefined) return null;
    const label = subnetOf(top.address);
    const figure = { value: top.bans, previous: null, series: [] };
    return { asn: null, name: null, label, figure, sample: top.looked < SAMPLE ? null : top.looked };
  }
}

/** The /24 or /64 around an address or a smaller network; wider ones stay as they are. */
function subnetOf(address: string): string {
  const [first = '', length] = address.split('/');
  const bits = family(parseAddress(first)) === 4 ? 24 : 64;
  return length !== undefined && Number(length) < bits ? address : parseNetwork(`${first}/${bits}`);
}

/** A day that began before the period counts for its first point. */
function within({ fromMs }: Period) {
  return ({ atMs, count }: { readonly atMs: number; readonly count: number }) => ({
    atMs: Math.max(atMs, fromMs),
    count,
  });
}
