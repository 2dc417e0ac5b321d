import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startPostgres, tempDir } from '@bailiff/testing';
import { afterAll, beforeAll, describe } from '@jest/globals';
import type { DatabaseLocation } from '../src/data-source.js';
import { Database } from '../src/database.js';

/** What a suite gets: fresh, empty databases of one kind. */
export interface Databases {
  /** A place no one has used yet. */
  location(): Promise<DatabaseLocation>;
  /** Path of a SQLite file that does not exist yet, whatever the kind. */
  sqlitePath(): string;
  /** A migrated, empty database; closed after the suite. */
  open(): Promise<Database>;
}

/** Runs one suite on SQLite and on a real PostgreSQL. */
export function onBothDatabases(
  name: string,
  suite: (databases: Databases, kind: 'sqlite' | 'postgres') => void,
): void {
  describe.each(['sqlite', 'postgres'] as const)(`${name} on %s`, (kind) => {
    const cleanups: (() => Promise<unknown>)[] = [];
    let folder = '';
    const sqlitePath = () => join(folder, `${randomBytes(6).toString('hex')}.db`);
    let location: () => Promise<DatabaseLocation> = () => Promise.resolve({ sqlitePath: sqlitePath() });

    beforeAll(async () => {
      const dir = await tempDir('bailiff-persistence-');
      folder = dir.path;
      cleanups.push(async () => dir[Symbol.asyncDispose]());
      if (kind === 'sqlite') return;
      const server = await startPostgres();
      cleanups.push(() => server.stop());
      location = async () => ({ databaseUrl: await server.createDatabase() });
    });

    afterAll(async () => {
      for (const cleanup of cleanups.toReversed()) await cleanup();
    });

    const databases: Databases = {
      location: () => location(),
      sqlitePath,
      open: async () => {
        const database = await Database.open(await location());
        cleanups.push(() => database.close());
        return database;
      },
    };
    suite(databases, kind);
  });
}
