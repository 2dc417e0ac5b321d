import { IsIn, IsOptional, Matches } from 'class-validator';

export const DASHBOARD_RANGES = ['24h', '7d', '30d', '365d'] as const;
export type DashboardRange = (typeof DASHBOARD_RANGES)[number];

/** `GET /api/v1/dashboard`. */
export class DashboardQuery {
  @IsOptional() @Matches(/^[0-9a-f]{16}(,[0-9a-f]{16})*$/) readonly hosts?: string;
  @IsOptional() @IsIn(DASHBOARD_RANGES) readonly range?: DashboardRange;
}

/** A figure with its course and its change against the period before. */
export interface DashboardFigure {
  readonly value: number;
  /** Same length of time before the range; null when not recorded then. */
  readonly previous: number | null;
  /** Evenly spaced over the range, oldest first. */
  readonly series: readonly number[];
}

export interface DashboardSummary {
  readonly range: DashboardRange;
  readonly from: string;
  readonly to: string;
  readonly bannedNow: number;
  readonly bans: DashboardFigure;
  readonly failures: DashboardFigure;
  readonly topJails: readonly { readonly jail: string; readonly bans: number }[];
  readonly topCountries: readonly { readonly country: string; readonly bans: number }[];
  readonly topAddresses: readonly {
    readonly address: string;
    readonly country: string | null;
    readonly bans: number;
  }[];
}
