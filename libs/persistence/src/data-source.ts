import { DataSource, type DataSourceOptions } from 'typeorm';
import { ENTITIES } from './entities/index.js';
import { InitialSchema1764000000000 } from './migrations/1764000000000-initial-schema.js';
import { AddRequestToBanEvent1764100000000 } from './migrations/1764100000000-add-request-to-ban-event.js';
import { AddBanRollup1764200000000 } from './migrations/1764200000000-add-ban-rollup.js';
import { AddOffender1764200000001 } from './migrations/1764200000001-add-offender.js';
import { AddTextSearch1764200000002 } from './migrations/1764200000002-add-text-search.js';
import { AddArchivePurge1764200000003 } from './migrations/1764200000003-add-archive-purge.js';
import { AddNetworkToGeoAddress1764300000000 } from './migrations/1764300000000-add-network-to-geo-address.js';
import { AddBulkJob1764500000000 } from './migrations/1764500000000-add-bulk-job.js';
import { AddAddressLookup1764600000000 } from './migrations/1764600000000-add-address-lookup.js';
import { AddAllowAndBanNote1764400000000 } from './migrations/1764400000000-add-allow-and-ban-note.js';
import { AddBannedCount1764700000000 } from './migrations/1764700000000-add-banned-count.js';
import { AddDayHours1764800000000 } from './migrations/1764800000000-add-day-hours.js';
import { AddFailureNumber1764810000000 } from './migrations/1764810000000-add-failure-number.js';
import { AddBulkDuration1764820000000 } from './migrations/1764820000000-add-bulk-duration.js';
import { AddGatewayInstance1764900000000 } from './migrations/1764900000000-add-gateway-instance.js';
import { IndexDays1764910000000 } from './migrations/1764910000000-index-days.js';
import { SnakeCaseNaming } from './naming.js';

/** Where the application's data lives. */
export type DatabaseLocation = { readonly sqlitePath: string } | { readonly databaseUrl: string };

/** How long a query waits for another process's lock on the SQLite file, milliseconds. */
const BUSY_TIMEOUT_MS = 10_000;

const shared = {
  entities: [...ENTITIES],
  migrations: [
    InitialSchema1764000000000,
    AddRequestToBanEvent1764100000000,
    AddBanRollup1764200000000,
    AddOffender1764200000001,
    AddTextSearch1764200000002,
    AddArchivePurge1764200000003,
    AddNetworkToGeoAddress1764300000000,
    AddBulkJob1764500000000,
    AddAddressLookup1764600000000,
    AddAllowAndBanNote1764400000000,
    AddBannedCount1764700000000,
    AddDayHours1764800000000,
    AddFailureNumber1764810000000,
    AddBulkDuration1764820000000,
    AddGatewayInstance1764900000000,
    IndexDays1764910000000,
  ],
  migrationsTableName: 'migration',
  migrationsTransactionMode: 'each' as const,
  namingStrategy: new SnakeCaseNaming(),
  synchronize: false,
  logging: false as const,
};

/**
 * Options for a location. SQLite: WAL, foreign keys, `synchronous = NORMAL` (safe with WAL: a power cut may lose the last
 * moments, never consistency), and a busy timeout. PostgreSQL: bigint as number, small pool.
 * @param readonly opens the SQLite file for reading only; ignored for PostgreSQL
 */
export function dataSourceOptions(location: DatabaseLocation, { readonly = false } = {}): DataSourceOptions {
  if ('databaseUrl' in location) {
    return {
      ...shared,
      type: 'postgres',
      url: location.databaseUrl,
      parseInt8: true,
      connectTimeoutMS: 5_000,
      applicationName: 'bailiff-gateway',
      poolSize: 10,
    };
  }
  return {
    ...shared,
    type: 'better-sqlite3',
    database: location.sqlitePath,
    readonly,
    fileMustExist: readonly,
    enableWAL: !readonly,
    timeout: BUSY_TIMEOUT_MS,
    statementCacheSize: 200,
    prepareDatabase: (connection: SqlitePragmas) => {
      connection.pragma('synchronous = NORMAL');
      connection.pragma('cache_size = -65536');
      connection.pragma('temp_store = MEMORY');
      // Imports would copy the same pages from the log into the file again and again.
      connection.pragma('wal_autocheckpoint = 25000');
    },
  };
}

interface SqlitePragmas {
  pragma(source: string): unknown;
}

/** A DataSource whose generated ids are 64 bits wide on PostgreSQL, as they are on SQLite. */
export class BailiffDataSource extends DataSource {
  protected override async buildMetadatas(): Promise<void> {
    await super.buildMetadatas();
    if (this.options.type !== 'postgres') return;
    for (const { columns } of this.entityMetadatas) {
      for (const column of columns) if (column.generationStrategy === 'increment') column.type = 'bigint';
    }
  }
}
