import { AsnNetworksJob, type AsnNetworksResult, JOBS, QUEUES } from '@bailiff/contracts/jobs';
import { Injectable } from '@nestjs/common';
import type { JobHandler } from '../jobs/job-handler.js';
import { GeoData } from './geo-data.js';

/** Lists what an autonomous system announces. Safe to run twice. */
@Injectable()
export class AsnNetworksHandler implements JobHandler<AsnNetworksJob, AsnNetworksResult> {
  readonly queue = QUEUES.geoLookups;
  readonly job = JOBS.asnNetworks;
  readonly payload = AsnNetworksJob;

  constructor(private readonly data: GeoData) {}

  run({ asn }: AsnNetworksJob): Promise<AsnNetworksResult> {
    return Promise.resolve(this.data.networksOf(asn));
  }
}
