import BetterSqlite3 from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import type { DatabaseLocation } from './data-source.js';
import { SchemaDriftError } from './errors/schema-drift.error.js';

/** Any number that no other program picked: key of PostgreSQL's advisory lock around our migrations. */
const MIGRATION_LOCK = 7_261_936_120;

/**
 * Brings the tables up to date. One copy of the gateway migrates, the others wait for it.
 * @throws {SchemaDriftError} when the tables afterwards are not what the entities say
 */
export async function migrate(dataSource: DataSource, location: DatabaseLocation): Promise<void> {
  const release = await lock(dataSource, location);
  try {
    await dataSource.runMigrations();
  } finally {
    await release();
  }
  const drift = await schemaDrift(dataSource);
  if (drift.length > 0) throw new SchemaDriftError(drift);
}

/** Statements that would bring the tables in line with the entities; none when they match. */
export async function schemaDrift(dataSource: DataSource): Promise<string[]> {
  const log = await dataSource.driver.createSchemaBuilder().log();
  return log.upQueries.map(({ query }) => query);
}

async function lock(dataSource: DataSource, location: DatabaseLocation): Promise<() => Promise<void>> {
  if ('sqlitePath' in location) {
    // A second small file: the lock must not be the very file whose schema changes under it.
    const guard = new BetterSqlite3(`${location.sqlitePath}-migration`, { timeout: 60_000 });
    guard.exec('BEGIN EXCLUSIVE');
    return () => Promise.resolve(void guard.close());
  }
  const runner = dataSource.createQueryRunner();
  await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  return async () => {
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await runner.release();
  };
}
