import { access, constants, stat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { BailiffDataSource, type DatabaseLocation, dataSourceOptions } from './data-source.js';
import { schemaDrift } from './migrate.js';

/** Outcome of trying a database. `detail` is safe to show: never a password. */
export interface ConnectionTest {
  readonly ok: boolean;
  readonly detail: string;
}

/** Tries a database without changing anything in it: connects, asks its version, checks that it may be used. */
export async function testDatabase(location: DatabaseLocation): Promise<ConnectionTest> {
  return 'sqlitePath' in location ? testSqlitePath(location.sqlitePath) : testPostgres(location);
}

async function testPostgres(location: DatabaseLocation): Promise<ConnectionTest> {
  const dataSource = new BailiffDataSource(dataSourceOptions(location));
  try {
    await dataSource.initialize();
    const [row] = await dataSource.query<{ version: string; may: boolean; tables: number }[]>(
      `SELECT current_setting('server_version') AS version,
        has_schema_privilege(current_user, current_schema(), 'CREATE') AS may,
        (SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()) AS tables`,
    );
    if (row === undefined) return { ok: false, detail: 'The database gave no answer.' };
    if (!row.may) return { ok: false, detail: 'The user may not create tables in this database.' };
    const tables = Number(row.tables);
    if (tables > 0 && (await schemaDrift(dataSource)).some((statement) => statement.startsWith('CREATE TABLE'))) {
      return { ok: false, detail: `The database holds ${tables} tables of something else. Give Bailiff an empty one.` };
    }
    return {
      ok: true,
      detail: `Connected to PostgreSQL ${row.version}${tables > 0 ? ', which holds data of Bailiff' : ''}.`,
    };
  } catch (error) {
    return { ok: false, detail: describeDatabaseFailure(error) };
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

async function testSqlitePath(path: string): Promise<ConnectionTest> {
  if (!isAbsolute(path)) return { ok: false, detail: 'Give an absolute path.' };
  try {
    const existing = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (existing?.isDirectory()) return { ok: false, detail: 'That is a directory; give the path of a file.' };
    await access(existing === undefined ? dirname(path) : path, constants.R_OK | constants.W_OK);
    return {
      ok: true,
      detail: existing === undefined ? 'The file will be created.' : 'The file can be read and written.',
    };
  } catch (error) {
    return { ok: false, detail: describeDatabaseFailure(error) };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing answers at that host and port.',
  ENOTFOUND: 'The host name is not known.',
  EAI_AGAIN: 'The host name could not be looked up.',
  ETIMEDOUT: 'The server did not answer in time.',
  EHOSTUNREACH: 'The host can not be reached.',
  ECONNRESET: 'The server closed the connection.',
  ENOENT: 'The folder does not exist.',
  ENOTDIR: 'A part of the path is not a folder.',
  EACCES: 'Permission denied.',
  EROFS: 'The file system is read-only.',
  SQLITE_CANTOPEN: 'The file can not be opened; does its folder exist and may it be written?',
  SQLITE_NOTADB: 'The file is not a SQLite database.',
  SQLITE_READONLY: 'The file is read-only.',
  '28P01': 'Wrong user name or password.',
  '28000': 'The server refuses this user.',
  '3D000': 'The database does not exist.',
  '42501': 'The user lacks permissions in this database.',
  '53300': 'The server has no free connections.',
};

/** Says in one sentence why a database can't be used. Driver texts may quote the URL, so they are never passed on. */
export function describeDatabaseFailure(error: unknown): string {
  for (const candidate of [error, causeOf(error), driverErrorOf(error)]) {
    const code = codeOf(candidate);
    if (code !== undefined && REASONS[code] !== undefined) return REASONS[code];
  }
  if (error instanceof TypeError && codeOf(error) === 'ERR_INVALID_URL') return 'That is not a valid URL.';
  if (error instanceof Error && /timeout/i.test(error.message)) return 'The server did not answer in time.';
  const code = codeOf(error) ?? codeOf(driverErrorOf(error));
  return `The database can't be used${code === undefined ? '' : ` (${code})`}.`;
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return undefined;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function driverErrorOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'driverError' in error ? error.driverError : undefined;
}
