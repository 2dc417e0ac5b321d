import { type DashboardRange, type JailBans, StatsQuery } from './stats.js';

/** `GET /api/v1/dashboard`. */
export class DashboardQuery extends StatsQuery {}

/** A figure with its course and its change against the period before. */
export interface DashboardFigure {
  readonly value: number;
  /** Same length of time before the range; null when nothing was recorded yet then. */
  readonly previous: number | null;
  /** Evenly spaced over the range, oldest first. */
  readonly series: readonly number[];
}

/** The network with the most bans: an autonomous system where the data know it, else a /24 or /64. */
export interface WorstNetwork {
  /** Number of the autonomous system; null when it is not known. */
  readonly asn: number | null;
  /** Who runs it, untrusted text; null when not known. */
  readonly name: string | null;
  /** `AS64500`, or the network in CIDR notation. */
  readonly label: string;
  readonly figure: DashboardFigure;
  /** Newest bans of the range it was found among; null: all of them. */
  readonly sample: number | null;
}

export interface DashboardSummary {
  readonly range: DashboardRange | 'custom';
  readonly from: string;
  readonly to: string;
  readonly bannedNow: number;
  /** The same with its course: as noted every few minutes, points before the first note left out. */
  readonly bannedCourse: DashboardFigure;
  readonly bans: DashboardFigure;
  /** Of all origins: failures are counted before anybody is banned. */
  readonly failures: DashboardFigure;
  /** null when nothing was banned. */
  readonly worstNetwork: WorstNetwork | null;
  readonly topJails: readonly JailBans[];
  readonly topCountries: readonly { readonly country: string; readonly bans: number }[];
  /** Among the newest 2,000 bans of the range. */
  readonly topAddresses: readonly {
    readonly address: string;
    readonly country: string | null;
    readonly bans: number;
  }[];
}
