import { KitModule } from '@bailiff/nest-kit';
import { type DynamicModule, Module } from '@nestjs/common';
import { CountryLookup } from './geo/country-lookup.js';
import { GeoResolveHandler } from './geo/geo-resolve.handler.js';
import { JOB_HANDLERS, JobRunners } from './jobs/job-runners.js';
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
        {
          provide: JOB_HANDLERS,
          inject: [GeoResolveHandler],
          useFactory: (...handlers: GeoResolveHandler[]) => handlers,
        },
        JobRunners,
      ],
    };
  }
}
