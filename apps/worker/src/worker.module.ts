import { KitModule } from '@bailiff/nest-kit';
import { type DynamicModule, Module } from '@nestjs/common';
import { CountryLookup } from './geo/country-lookup.js';
import { GeoResolveHandler } from './geo/geo-resolve.handler.js';
import type { JobHandler } from './jobs/job-handler.js';
import { JOB_HANDLERS, JobRunners } from './jobs/job-runners.js';
import { AbuseIpdbLookup } from './lookups/abuse-ipdb-lookup.js';
import { LookupDescribeHandler } from './lookups/lookup-describe.handler.js';
import { LookupRunHandler } from './lookups/lookup-run.handler.js';
import { LookupWeb } from './lookups/lookup-web.js';
import { OtxLookup } from './lookups/otx-lookup.js';
import { RdapBootstrap } from './lookups/rdap-bootstrap.js';
import { RdapLookup } from './lookups/rdap-lookup.js';
import { ReverseDnsLookup } from './lookups/reverse-dns-lookup.js';
import { WorkerConfig } from './worker.config.js';

/** The unprivileged worker: one runner a queue, one handler a job name, no database, no inbound port. */
@Module({})
export class WorkerModule {
  static forRoot(config: WorkerConfig): DynamicModule {
    return {
      module: WorkerModule,
      imports: [KitModule.forRoot({ service: 'worker', level: config.logLevel })],
      providers: [
        { provide: WorkerConfig, useValue: config },
        CountryLookup,
        GeoResolveHandler,
        AbuseIpdbLookup,
        LookupDescribeHandler,
        LookupRunHandler,
        LookupWeb,
        OtxLookup,
        RdapBootstrap,
        RdapLookup,
        ReverseDnsLookup,
        {
          provide: JOB_HANDLERS,
          inject: [GeoResolveHandler, LookupRunHandler, LookupDescribeHandler],
          useFactory: (...handlers: JobHandler[]) => handlers,
        },
        JobRunners,
      ],
    };
  }
}
