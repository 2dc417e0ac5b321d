import { KitModule } from '@bailiff/nest-kit';
import { type DynamicModule, Module } from '@nestjs/common';
import { AsnNetworksHandler } from './geo/asn-networks.handler.js';
import { CountryLookup } from './geo/country-lookup.js';
import { GeoData } from './geo/geo-data.js';
import { GeoReports } from './geo/geo-reports.js';
import { GeoResolveHandler } from './geo/geo-resolve.handler.js';
import { OnlineLookup } from './geo/online-lookup.js';
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
import { GuardedWeb } from './web/guarded-web.js';
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
        { provide: GuardedWeb, useFactory: () => new GuardedWeb() },
        AsnNetworksHandler,
        CountryLookup,
        GeoData,
        GeoReports,
        GeoResolveHandler,
        OnlineLookup,
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
          inject: [GeoResolveHandler, AsnNetworksHandler, LookupRunHandler, LookupDescribeHandler],
          useFactory: (...handlers: JobHandler[]) => handlers,
        },
        JobRunners,
      ],
    };
  }
}
