import { GeoResolveJob, type GeoResolveResult, JOBS, QUEUES } from '@bailiff/contracts/jobs';
import { Injectable } from '@nestjs/common';
import type { JobHandler } from '../jobs/job-handler.js';
import { GeoData } from './geo-data.js';

/** Resolves a batch of addresses to countries, networks and registries. Safe to run twice. */
@Injectable()
export class GeoResolveHandler implements JobHandler<GeoResolveJob, GeoResolveResult> {
  readonly queue = QUEUES.geoLookups;
  readonly job = JOBS.geoResolve;
  readonly payload = GeoResolveJob;

  constructor(private readonly data: GeoData) {}

  run({ addresses }: GeoResolveJob): Promise<GeoResolveResult> {
    return this.data.resolve(addresses);
  }
}
