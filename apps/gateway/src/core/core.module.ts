import { Database } from '@bailiff/persistence';
import { type DynamicModule, Global, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { GatewayConfig } from '../gateway.config.js';
import { LogLines } from './log-lines.js';
import { Notices } from './notices.js';
import { InternalRedis } from './redis.js';

/** Closes the database after everything that writes into it has stopped. */
@Injectable()
class DatabaseCloser implements OnApplicationShutdown {
  constructor(@Inject(Database) private readonly database: Database) {}

  onApplicationShutdown(): Promise<void> {
    return this.database.close();
  }
}

/** What every feature may use: configuration, database, internal Redis, notices between gateway copies, the log's lines. */
@Global()
@Module({})
export class CoreModule {
  static with(config: GatewayConfig, database: Database, logLines: LogLines): DynamicModule {
    const values = [
      { provide: GatewayConfig, useValue: config },
      { provide: Database, useValue: database },
      { provide: LogLines, useValue: logLines },
    ];
    return {
      module: CoreModule,
      providers: [...values, InternalRedis, Notices, DatabaseCloser],
      exports: [GatewayConfig, Database, InternalRedis, LogLines, Notices],
    };
  }
}
