import { GeoResolveJob, type GeoResolveResult, JOBS, QUEUES } from '@bailiff/contracts/jobs';
import { Injectable } from '@nestjs/common';
import type { JobHandler } from '../jobs/job-handler.js';
import { CountryLookup } from './country-lookup.js';

/** Resolves a batch of addresses to countries. Pure and offline, so safe to run twice. */
@Injectable()
export class GeoResolveHandler implements JobHandler<GeoResolveJob, GeoResolveResult> {
  readonly queue = QUEUES.geoLookups;
  readonly job = JOBS.geoResolve;
  readonly payload = GeoResolveJob;

  constructor(private readonly countries: CountryLookup) {}

  async run({ addresses }: GeoResolveJob): Promise<GeoResolveResult> {
    const entries = await Promise.all(
      addresses.map(async (address) => ({ address, country: await this.countries.countryOf(address) })),
    );
    return { v: 1, entries, dataDate: this.countries.dataDate() };
  }
}
