import { IsIn, IsISO8601, IsOptional, Matches } from 'class-validator';
import { BAN_ORIGINS } from './bans.js';
import { INSTANT } from './instant.js';
import { HOST_ID_LIST } from './host-id.js';

/** Lengths of time that end now and can be asked for by name. */
export const DASHBOARD_RANGES = ['24h', '7d', '30d', '365d'] as const;
export type DashboardRange = (typeof DASHBOARD_RANGES)[number];

/** The longest range that charts are made for: five years. */
export const MAX_STATS_DAYS = 1_830;

const ORIGIN = `(${BAN_ORIGINS.join('|')})`;
/** Comma-separated origins. */
export const ORIGIN_LIST = new RegExp(`^${ORIGIN}(,${ORIGIN})*$`);

/**
 * What dashboard, charts and map are asked for: hosts, time, origins. Time is `range`, which ends with the running hour, or
 * `from` and `to`; the last day when there is neither.
 */
export class StatsQuery {
  /** Comma-separated host ids; absent: all. */
  @IsOptional() @Matches(HOST_ID_LIST) readonly hosts?: string;
  /** How far back from the running hour; not together with `from`. */
  @IsOptional() @IsIn(DASHBOARD_RANGES) readonly range?: DashboardRange;
  /** RFC 3339, inclusive; not together with `range`. */
  @IsOptional() @IsISO8601({ strict: true }) @Matches(INSTANT) readonly from?: string;
  /** RFC 3339, exclusive; needs `from`, which without it means until now. */
  @IsOptional() @IsISO8601({ strict: true }) @Matches(INSTANT) readonly to?: string;
  /** Comma-separated origins, e.g. `selfblock,manual`; absent: all. */
  @IsOptional() @Matches(ORIGIN_LIST) readonly origin?: string;
}

/** Time that an answer is about, RFC 3339. */
export interface StatsPeriod {
  /** Inclusive. */
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
}

/** `GET /api/v1/stats/timeline`: bans over time, the jails with the most apart. */
export interface BanTimeline extends StatsPeriod {
  /** IANA zone whose days are meant. */
  readonly timeZone: string;
  /** `hour` up to eight days, `day` beyond. Hours are UTC's. A zone off by half an hour begins its days with the next full one. */
  readonly step: 'hour' | 'day';
  /** Starts of the steps, RFC 3339, oldest first, none left out; the first and the last may lie partly outside of the range. */
  readonly buckets: readonly string[];
  /** Most bans first; the last one, without a jail, is all others together and is there only when it has any. */
  readonly series: readonly TimelineSeries[];
  readonly total: number;
}

export interface TimelineSeries {
  /** null: all others together. */
  readonly jail: string | null;
  /** One figure for each bucket. */
  readonly bans: readonly number[];
  readonly total: number;
}

/** `GET /api/v1/stats/jails`: every jail that banned, most bans first. */
export interface JailStats extends StatsPeriod {
  readonly total: number;
  readonly jails: readonly JailBans[];
}

export interface JailBans {
  readonly jail: string;
  readonly bans: number;
}

/** `GET /api/v1/stats/countries`: every country that was banned, most bans first. */
export interface CountryStats extends StatsPeriod {
  readonly total: number;
  /** Bans whose country is not known; in `total`, not in `countries`. */
  readonly unknown: number;
  readonly countries: readonly CountryBans[];
}

export interface CountryBans {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly bans: number;
  /** Part of `total`, from 0 to 1. */
  readonly share: number;
  /** The three with the most. */
  readonly topJails: readonly JailBans[];
}

/** `GET /api/v1/stats/networks`: the autonomous systems with the most bans, at most a hundred. */
export interface NetworkStats extends StatsPeriod {
  readonly total: number;
  /** Bans whose network is not known; in `total`, not in `networks`. */
  readonly unknown: number;
  readonly networks: readonly NetworkBans[];
}

export interface NetworkBans {
  /** Number of the autonomous system. */
  readonly asn: number;
  /** Who runs it, as its registry says, untrusted text; null when not known. */
  readonly name: string | null;
  readonly bans: number;
  /** Part of `total`, from 0 to 1. */
  readonly share: number;
}

/** `GET /api/v1/stats/hour-of-week`: when in a week bans are made. */
export interface HourOfWeek extends StatsPeriod {
  /** IANA zone whose clock is meant. */
  readonly timeZone: string;
  /** Minute at which the hours begin on that clock: 0, but for zones off by part of an hour 15, 30 or 45. */
  readonly startMinute: number;
  readonly total: number;
  /** Seven days from Monday on, of 24 hours each, by the clock as it stood then. */
  readonly bans: readonly (readonly number[])[];
}
