import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource, EntityManager } from 'typeorm';
import { BailiffDataSource, type DatabaseLocation, dataSourceOptions } from './data-source.js';
import { DatabaseUnusableError } from './errors/database-unusable.error.js';
import { SchemaDriftError } from './errors/schema-drift.error.js';
import { migrate } from './migrate.js';
import { Repositories } from './repositories/repositories.js';
import { describeDatabaseFailure } from './test-connection.js';

/**
 * The application's database. Reads go through {@link read}; every write goes through {@link withTransaction}.
 *
 * On SQLite these are two connections: TypeORM shares one connection between all its callers, so a query started while another
 * caller's transaction is open would join it, and be undone with it. Writers therefore take turns, and readers have their own
 * connection, which sees committed rows only and can't write.
 */
export class Database {
  readonly kind: 'sqlite' | 'postgres';
  readonly location: DatabaseLocation;
  /** Repositories for reading. They never see another caller's unfinished transaction. */
  readonly read: Repositories;
  private readonly current = new AsyncLocalStorage<Repositories>();
  private tail: Promise<unknown> = Promise.resolve();

  private constructor(
    location: DatabaseLocation,
    private readonly writer: DataSource,
    private readonly reader: DataSource,
  ) {
    this.location = location;
    this.kind = 'sqlitePath' in location ? 'sqlite' : 'postgres';
    this.read = new Repositories(reader.manager);
  }

  /**
   * Opens a database and brings its tables up to date.
   * @throws {DatabaseUnusableError} when it can't be reached or opened @throws {SchemaDriftError}
   */
  static async open(location: DatabaseLocation): Promise<Database> {
    const writer = new BailiffDataSource(dataSourceOptions(location));
    try {
      await writer.initialize();
      await migrate(writer, location);
      if ('databaseUrl' in location) return new Database(location, writer, writer);
      const reader = new BailiffDataSource(dataSourceOptions(location, { readonly: true }));
      await reader.initialize();
      return new Database(location, writer, reader);
    } catch (error) {
      if (writer.isInitialized) await writer.destroy();
      if (error instanceof SchemaDriftError) throw error;
      throw new DatabaseUnusableError(describeDatabaseFailure(error), { cause: error });
    }
  }

  /**
   * Runs work in one transaction: all of it is kept, or nothing when it rejects. Called inside another transaction it joins it.
   * On SQLite one transaction runs at a time, so keep them short and never wait for the outside world in one.
   */
  async withTransaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    const outer = this.current.getStore();
    if (outer !== undefined) return work(outer);
    return this.kind === 'sqlite' ? this.inTurn(() => this.transaction(work)) : this.transaction(work);
  }

  /** Answers when the database does. @throws the driver's error */
  async ping(): Promise<void> {
    await this.reader.query('SELECT 1');
  }

  /** Bytes the data takes on disk. */
  async sizeBytes(): Promise<number> {
    const sql =
      this.kind === 'postgres'
        ? 'SELECT pg_database_size(current_database()) AS size'
        : 'SELECT page_count * page_size AS size FROM pragma_page_count(), pragma_page_size()';
    const [row] = await this.reader.query<{ size: number }[]>(sql);
    return Number(row?.size ?? 0);
  }

  /** Raw access for maintenance: backup, copying, tests. */
  get dataSource(): DataSource {
    return this.writer;
  }

  /** Waits for the running transaction and closes all connections. */
  async close(): Promise<void> {
    await this.tail.catch(() => undefined); // the caller of that transaction gets its error
    if (this.reader !== this.writer && this.reader.isInitialized) await this.reader.destroy();
    if (this.writer.isInitialized) await this.writer.destroy();
  }

  private transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    return this.writer.transaction((manager: EntityManager) => {
      const repositories = new Repositories(manager);
      return this.current.run(repositories, () => work(repositories));
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work, work);
    this.tail = result.catch(() => undefined); // the queue goes on; the caller gets the error
    return result;
  }
}
