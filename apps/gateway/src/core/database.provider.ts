import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Database, type DatabaseLocation } from '@bailiff/persistence';
import { readPrivateFile } from '../channel/private-file.js';
import type { GatewayConfig } from '../gateway.config.js';
import { DataFileError } from './data-file.error.js';

/** File in the data directory that says where setup put the database; absent: the default SQLite file. */
export const DATABASE_FILE = 'database.json';

/** Makes the data directory, private to us, if it is missing. */
async function prepareDataDir(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await chmod(dataDir, 0o700);
}

/** The SQLite file used unless something else was chosen. */
function defaultSqlitePath(dataDir: string): string {
  return join(dataDir, 'bailiff.db');
}

/**
 * Where the data lives: `DATABASE_URL`, else what setup chose, else the default file.
 * @throws {DataFileError} when the file that holds the choice can't be trusted or read
 */
export async function chooseDatabase({ databaseUrl, dataDir }: GatewayConfig): Promise<DatabaseLocation> {
  if (databaseUrl !== undefined) return { databaseUrl };
  const path = join(dataDir, DATABASE_FILE);
  const text = await readPrivateFile(path, (why) => new DataFileError(path, why));
  if (text === undefined) return { sqlitePath: defaultSqlitePath(dataDir) };
  return parse(path, text);
}

/** Opens the database the configuration names. */
export async function openDatabase(config: GatewayConfig): Promise<Database> {
  await prepareDataDir(config.dataDir);
  const location = await chooseDatabase(config);
  return Database.open(location);
}

function parse(path: string, text: string): DatabaseLocation {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DataFileError(path, 'does not hold JSON'); // no cause: it would quote the file, which holds a password
  }
  if (typeof value === 'object' && value !== null) {
    if ('databaseUrl' in value && typeof value.databaseUrl === 'string') return { databaseUrl: value.databaseUrl };
    if ('sqlitePath' in value && typeof value.sqlitePath === 'string') return { sqlitePath: value.sqlitePath };
  }
  throw new DataFileError(path, 'names no database');
}
