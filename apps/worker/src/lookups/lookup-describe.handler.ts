import { JOBS, LookupDescribeJob, type LookupDescribeResult, QUEUES } from '@bailiff/contracts/jobs';
import { Injectable } from '@nestjs/common';
import type { JobHandler } from '../jobs/job-handler.js';
import { WorkerConfig } from '../worker.config.js';

/** Says which look-ups this worker can make. Keys never leave it. */
@Injectable()
export class LookupDescribeHandler implements JobHandler<LookupDescribeJob, LookupDescribeResult> {
  readonly queue = QUEUES.lookups;
  readonly job = JOBS.lookupDescribe;
  readonly payload = LookupDescribeJob;

  constructor(private readonly config: WorkerConfig) {}

  run(): Promise<LookupDescribeResult> {
    const { abuseIpdbKey, otxKey } = this.config;
    return Promise.resolve({ v: 1, abuseipdbKey: abuseIpdbKey !== undefined, otxKey: otxKey !== undefined });
  }
}
