import type {
  BanTimeline,
  CountryStats,
  HourOfWeek,
  JailBans,
  JailStats,
  NetworkStats,
  StatsQuery,
} from '@bailiff/contracts/http';
import { Database, type RollupCount } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { AsNames } from '../geo/as-names.js';
import { SettingsService } from '../settings/settings.service.js';

import { periodOf, periodText, rollupFilter } from './stats-period.js';
import { bucketsOf, seriesOf, stepOf } from './timeline.js';
import { ZonedHours } from './zoned-hours.js';

/** Jails with a series of their own. */
const TOP_JAILS = 6;
const JAILS_EACH = 3;
const NETWORKS = 100;
/** More keys than any range has: every jail, or every country in every jail. */
const ALL = 100_000;

/** What charts and map show, from roll-ups alone. */
@Injectable()
export class StatsService {
  private zoned: ZonedHours | undefined;

  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly names: AsNames,
  ) {}

  /** @throws {StatsPeriodError} */
  async timeline(query: StatsQuery, nowMs = Date.now()): Promise<BanTimeline> {
    const period = periodOf(query, nowMs);
    const { rollups } = this.database.read;
    const filter = rollupFilter(query, period);
    const hours = await this.hours();
    const step = stepOf(period);
    // Days of UTC are counted beforehand; those of other zones are put together from parts of them.
    const grain = step === 'hour' || hours.isUtc ? step : (dayMs: number) => hours.cutOf(dayMs);
    const [top, points] = await Promise.all([
      rollups.top(filter, 'jail', TOP_JAILS),
      rollups.series(filter, 'jail', grain),
    ]);
    const buckets = bucketsOf(period, step, hours);
    const series = seriesOf(points, top, buckets);
    return {
      ...periodText(period),
      timeZone: hours.zone,
      step,
      buckets: buckets.startsMs.map((ms) => new Date(ms).toISOString()),
      series,
      total: series.reduce((total, each) => total + each.total, 0),
    };
  }

  /** @throws {StatsPeriodError} */
  async jails(query: StatsQuery, nowMs = Date.now()): Promise<JailStats> {
    const period = periodOf(query, nowMs);
    const counts = await this.database.read.rollups.top(rollupFilter(query, period), 'jail', ALL);
    return {
      ...periodText(period),
      total: sum(counts),
      jails: counts.map(({ key, bans }) => ({ jail: key, bans })),
    };
  }

  /** @throws {StatsPeriodError} */
  async countries(query: StatsQuery, nowMs = Date.now()): Promise<CountryStats> {
    const period = periodOf(query, nowMs);
    const { rollups } = this.database.read;
    const filter = rollupFilter(query, period);
    const pairs = await rollups.top(filter, 'country_jail', ALL);
    const counts = countriesOf(pairs);
    const total = sum(counts);
    const jails = jailsByCountry(pairs);
    return {
      ...periodText(period),
      total,
      unknown: unknownOf(counts),
      countries: counts.filter(isKnown).map(({ key, bans }) => ({
        country: key,
        bans,
        share: bans / total,
        topJails: jails.get(key) ?? [],
      })),
    };
  }

  /** @throws {StatsPeriodError} */
  async networks(query: StatsQuery, nowMs = Date.now()): Promise<NetworkStats> {
    const period = periodOf(query, nowMs);
    const counts = await this.database.read.rollups.top(rollupFilter(query, period), 'asn', ALL);
    const total = sum(counts);
    const shown = counts.filter(isKnown).slice(0, NETWORKS);
    const names = await this.names.find(shown.map(({ key }) => Number(key)));
    return {
      ...periodText(period),
      total,
      unknown: unknownOf(counts),
      networks: shown.map(({ key, bans }) => {
        const asn = Number(key);
        return { asn, name: names.get(asn) ?? null, bans, share: bans / total };
      }),
    };
  }

  /** @throws {StatsPeriodError} */
  async hourOfWeek(query: StatsQuery, nowMs = Date.now()): Promise<HourOfWeek> {
    const period = periodOf(query, nowMs);
    const points = await this.database.read.rollups.series(rollupFilter(query, period), undefined, 'hour');
    const hours = await this.hours();
    const week = Array.from({ length: 7 }, () => new Array<number>(24).fill(0));
    for (const { atMs, bans } of points) {
      const at = hours.weekHourOf(atMs);
      const day = week[Math.floor(at / 24)];
      if (day !== undefined) day[at % 24] = (day[at % 24] ?? 0) + bans;
    }
    return {
      ...periodText(period),
      timeZone: hours.zone,
      startMinute: hours.startMinuteAt(period.toMs),
      total: sum(points),
      bans: week,
    };
  }

  /** Kept: to find out a year's offsets takes longer than to read its counts. */
  private async hours(): Promise<ZonedHours> {
    const { timeZone } = await this.settings.preferences();
    if (this.zoned?.zone !== timeZone) this.zoned = new ZonedHours(timeZone);
    return this.zoned;
  }
}

/** Bans of each country, most first, from those of each country in each jail. */
function countriesOf(pairs: readonly RollupCount[]): RollupCount[] {
  const sums = new Map<string, number>();
  for (const { key, bans } of pairs) {
    const country = key.slice(0, key.indexOf(' '));
    sums.set(country, (sums.get(country) ?? 0) + bans);
  }
  return Array.from(sums, ([key, bans]) => ({ key, bans })).sort((a, b) => b.bans - a.bans || (a.key < b.key ? -1 : 1));
}

/** The jails with the most bans of each country; `counts` come most bans first. */
function jailsByCountry(counts: readonly RollupCount[]): Map<string, JailBans[]> {
  const jails = new Map<string, JailBans[]>();
  for (const { key, bans } of counts) {
    const space = key.indexOf(' ');
    const country = key.slice(0, space);
    const known = jails.get(country) ?? [];
    if (known.length < JAILS_EACH) known.push({ jail: key.slice(space + 1), bans });
    jails.set(country, known);
  }
  return jails;
}

const isKnown = ({ key }: RollupCount) => key !== '';
const unknownOf = (counts: readonly RollupCount[]) => counts.find(({ key }) => key === '')?.bans ?? 0;
const sum = (counts: readonly { readonly bans: number }[]) => counts.reduce((total, { bans }) => total + bans, 0);
