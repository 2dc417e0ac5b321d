import type { GeoSource, GeoStatus } from '@bailiff/contracts/http';
import { GEO_REPORT_EVERY_MS, type GeoReport } from '@bailiff/contracts/jobs';
import { Database } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { GeoLookups } from './geo-lookups.js';
import { readGeoReport } from './geo-report.js';

/** Where the last report is kept, so that a gateway without workers can still say what was known. */
const SETTING = 'geo.report';
/** A report older than this is that of a worker that is gone. */
const LIVE_FOR_MS = 3 * GEO_REPORT_EVERY_MS;
/** Least time between two writes of the same kept report. */
const KEPT_EVERY_MS = 3_600_000;

/** What the workers say their geo data are. */
@Injectable()
export class GeoSources {
  private readonly logger = new Logger(GeoSources.name);
  private kept: GeoReport | undefined;
  private isTold = false;

  constructor(
    private readonly database: Database,
    private readonly lookups: GeoLookups,
  ) {}

  /** Names of the data that workers have now; none while no worker has said so. */
  async liveVersions(): Promise<ReadonlySet<string>> {
    return new Set((await this.live()).map(({ dataVersion }) => dataVersion));
  }

  /** Sources with their ages, as live workers tell them, else as they were last known. */
  async status(): Promise<GeoStatus> {
    const [live, addresses] = await Promise.all([this.live(), this.database.read.geo.counts()]);
    const [newest = await this.lastKnown()] = live;
    if (newest === undefined) return { state: 'none', reportedAt: null, sources: [], addresses };
    return {
      state: live.length > 0 ? 'live' : 'silent',
      reportedAt: new Date(newest.atMs).toISOString(),
      sources: distinct(live.length > 0 ? live : [newest]),
      addresses,
    };
  }

  /** Reports of workers that are there, newest first. */
  private async live(): Promise<GeoReport[]> {
    let texts: string[];
    try {
      texts = await this.lookups.reports();
      this.isTold = false;
    } catch (error) {
      if (!this.isTold) this.logger.warn({ err: error }, 'reports of the workers not read');
      this.isTold = true;
      return [];
    }
    const since = Date.now() - LIVE_FOR_MS;
    const live = texts
      .map(readGeoReport)
      .filter((report) => report !== undefined && report.atMs > since)
      .sort((a, b) => (b?.atMs ?? 0) - (a?.atMs ?? 0)) as GeoReport[];
    if (live[0] !== undefined) await this.keep(live[0]);
    return live;
  }

  private async keep(report: GeoReport): Promise<void> {
    const { kept } = this;
    if (kept?.dataVersion === report.dataVersion && report.atMs - kept.atMs < KEPT_EVERY_MS) return;
    this.kept = report;
    try {
      await this.database.withTransaction(({ settings }) => settings.set(SETTING, JSON.stringify(report), report.atMs));
    } catch (error) {
      this.logger.warn({ err: error }, 'report of the workers not kept');
    }
  }

  private async lastKnown(): Promise<GeoReport | undefined> {
    const stored = await this.database.read.settings.get(SETTING);
    return typeof stored === 'string' ? readGeoReport(stored) : undefined;
  }
}

/** Workers mostly have the same data: each source once, as the worker that spoke last tells it. */
function distinct(reports: readonly GeoReport[]): GeoSource[] {
  const byKey = new Map<string, GeoSource>();
  for (const { sources } of reports)
    for (const source of sources) {
      const key = JSON.stringify([source.kind, source.name, source.builtAt, source.state]);
      if (!byKey.has(key)) byKey.set(key, source);
    }
  return [...byKey.values()];
}
