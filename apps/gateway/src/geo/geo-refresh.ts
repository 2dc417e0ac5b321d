import { GEO_BATCH } from '@bailiff/contracts/jobs';
import { isPrivateOrReserved, tryParseAddress } from '@bailiff/ip';
import { Database, type GeoAddress } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { KNOWN_FOR_MS } from './address-cache.js';
import { GeoLookups } from './geo-lookups.js';
import { GeoSources } from './geo-sources.js';

const TICK_MS = 10_000;
/** Addresses looked at in one tick, and asked about at most: a thousand of them in ten seconds, beside everything else. */
const LOOKED_AT = 5 * GEO_BATCH;
/** When to walk through all addresses again though the data are the same, milliseconds. */
const AGAIN_MS = 86_400_000;

/** One walk through all addresses. */
interface Round {
  readonly key: string;
  readonly startedAtMs: number;
  /** The last address looked at; null: done. */
  after: string | null;
}

/** Asks again, little by little, about addresses whose answer came from other data than the workers have now, or is a month old. */
@Injectable()
export class GeoRefresh {
  private readonly logger = new Logger(GeoRefresh.name);
  private round: Round | undefined;
  private isBusy = false;

  constructor(
    private readonly database: Database,
    private readonly sources: GeoSources,
    private readonly lookups: GeoLookups,
  ) {}

  @Interval(TICK_MS)
  async tick(): Promise<void> {
    if (this.isBusy || !this.lookups.isConnected) return;
    this.isBusy = true;
    try {
      await this.step(Date.now());
    } catch (error) {
      this.logger.warn({ err: error }, 'old answers not asked about again');
    } finally {
      this.isBusy = false;
    }
  }

  private async step(nowMs: number): Promise<void> {
    const versions = await this.sources.liveVersions();
    if (versions.size === 0) return;
    const key = [...versions].sort().join();
    if (this.round?.key !== key || nowMs - this.round.startedAtMs > AGAIN_MS)
      this.round = { key, startedAtMs: nowMs, after: '' };
    const { round } = this;
    const outdated: string[] = [];
    for (let seen = 0; round.after !== null && seen < LOOKED_AT && outdated.length < GEO_BATCH;) {
      const rows = await this.database.read.geo.slice(round.after, GEO_BATCH - outdated.length);
      outdated.push(...rows.filter((row) => isOutdated(row, versions, nowMs)).map(({ address }) => address));
      seen += rows.length;
      round.after = rows.at(-1)?.address ?? null;
    }
    await this.lookups.refresh(outdated, `${key} ${round.startedAtMs - (round.startedAtMs % AGAIN_MS)}`);
  }
}

/** Addresses nobody asked about yet are somebody else's work, and private ones nobody's. */
function isOutdated(row: GeoAddress, versions: ReadonlySet<string>, nowMs: number): boolean {
  const { address, resolvedAtMs, dataVersion } = row;
  if (resolvedAtMs === null) return false;
  if (dataVersion !== null && versions.has(dataVersion) && nowMs - resolvedAtMs < KNOWN_FOR_MS) return false;
  const single = tryParseAddress(address);
  return single !== undefined && !isPrivateOrReserved(single);
}
