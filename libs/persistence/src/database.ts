import { AsyncLocalStorage } from 'node:async_hooks';
import { type DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { copyRows } from './copy-rows.js';
import { BailiffDataSource, type DatabaseLocation, dataSourceOptions } from './data-source.js';
import { DatabaseUnusableError } from './errors/database-unusable.error.js';
import { SchemaDriftError } from './errors/schema-drift.error.js';
import { migrate } from './migrate.js';
import { Repositories } from './repositories/repositories.js';
import { describeDatabaseFailure } from './test-connection.js';

/** Open connections to one location. */
interface Connections {
  readonly location: DatabaseLocation;
  readonly writer: DataSource;
  readonly reader: DataSource;
  readonly read: Repositories;
}

/** Times a transaction is tried that the database undid because of a deadlock. */
const MAX_TRIES = 4;

/** Readers that were at work when the database moved get this long to finish, milliseconds. */
const READERS_GRACE_MS = 2_000;

/**
 * The application's database. Reads go through {@link read}; every write goes through {@link withTransaction}.
 *
 * On SQLite these are two connections: TypeORM shares one connection between all its callers, so a query started while another
 * caller's transaction is open would join it, and be undone with it. Writers therefore take turns, and readers have their own
 * connection, which sees committed rows only and can't write.
 */
export class Database {
  private readonly current = new AsyncLocalStorage<Repositories>();
  private tail: Promise<unknown> = Promise.resolve();

  private constructor(private connections: Connections) {}

  /**
   * Opens a database and brings its tables up to date.
   * @throws {DatabaseUnusableError} when it can't be reached or opened @throws {SchemaDriftError}
   */
  static async open(location: DatabaseLocation): Promise<Database> {
    return new Database(await connect(location));
  }

  get kind(): 'sqlite' | 'postgres' {
    return 'sqlitePath' in this.location ? 'sqlite' : 'postgres';
  }

  get location(): DatabaseLocation {
    return this.connections.location;
  }

  /** Repositories for reading. They never see another caller's unfinished transaction. Don't keep them: ask each time. */
  get read(): Repositories {
    return this.connections.read;
  }

  /** Raw access for maintenance and tests. */
  get dataSource(): DataSource {
    return this.connections.writer;
  }

  /**
   * Runs work in one transaction: all of it is kept, or nothing when it rejects. Called inside another transaction it joins it.
   * On PostgreSQL it may run again when the database found it and another waiting for each other, so change nothing outside in it.
   * On SQLite one transaction runs at a time, so keep them short and never wait for the outside world in one.
   */
  async withTransaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    const outer = this.current.getStore();
    if (outer !== undefined) return work(outer);
    return this.kind === 'sqlite' ? this.inTurn(() => this.transaction(work)) : this.transaction(work);
  }

  /**
   * Moves everything to another, unused database and works on there. Writers wait meanwhile; nothing is lost or written twice.
   * @param commit called after all rows are over there and before anything is written there: make the choice last (a file).
   *   Until it resolves the old database is the one that counts, and a start after a crash finds it whole.
   * @throws {DatabaseUnusableError} when the target can't be used; everything goes on here as before
   */
  async moveTo(location: DatabaseLocation, commit: () => Promise<void>): Promise<void> {
    await this.inTurn(async () => {
      const target = await connect(location);
      try {
        await target.writer.transaction((manager) => copyRows(this.connections.reader.manager, manager));
        await commit();
      } catch (error) {
        await disconnect(target);
        if (error instanceof DatabaseUnusableError) throw error;
        throw new DatabaseUnusableError(describeDatabaseFailure(error), { cause: error });
      }
      const left = this.connections;
      this.connections = target;
      setTimeout(() => void disconnect(left), READERS_GRACE_MS).unref();
    });
  }

  /** Answers when the database does. @throws the driver's error */
  async ping(): Promise<void> {
    await this.connections.reader.query('SELECT 1');
  }

  /** Bytes the data takes on disk. */
  async sizeBytes(): Promise<number> {
    const sql =
      this.kind === 'postgres'
        ? 'SELECT pg_database_size(current_database()) AS size'
        : 'SELECT page_count * page_size AS size FROM pragma_page_count(), pragma_page_size()';
    const [row] = await this.connections.reader.query<{ size: number }[]>(sql);
    return Number(row?.size ?? 0);
  }

  /** Waits for the running transaction and closes all connections. */
  async close(): Promise<void> {
    await this.tail.catch(() => undefined); // the caller of that transaction gets its error
    await disconnect(this.connections);
  }

  private async transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.connections.writer.transaction((manager: EntityManager) => {
          const repositories = new Repositories(manager);
          return this.current.run(repositories, () => work(repositories));
        });
      } catch (error) {
        // PostgreSQL undid all of it because two writers waited for each other: the other one is through by now.
        if (tries >= MAX_TRIES || !isDeadlock(error)) throw error;
      }
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work, work);
    this.tail = result.catch(() => undefined); // the queue goes on; the caller gets the error
    return result;
  }
}

function isDeadlock(error: unknown): boolean {
  return error instanceof QueryFailedError && (error.driverError as { code?: unknown }).code === '40P01';
}

async function connect(location: DatabaseLocation): Promise<Connections> {
  const writer = new BailiffDataSource(dataSourceOptions(location));
  try {
    await writer.initialize();
    await migrate(writer, location);
    const reader =
      'databaseUrl' in location ? writer : new BailiffDataSource(dataSourceOptions(location, { readonly: true }));
    if (!reader.isInitialized) await reader.initialize();
    return { location, writer, reader, read: new Repositories(reader.manager) };
  } catch (error) {
    if (writer.isInitialized) await writer.destroy();
    if (error instanceof SchemaDriftError) throw error;
    throw new DatabaseUnusableError(describeDatabaseFailure(error), { cause: error });
  }
}

async function disconnect({ reader, writer }: Connections): Promise<void> {
  if (reader !== writer && reader.isInitialized) await reader.destroy();
  if (writer.isInitialized) await writer.destroy();
}
