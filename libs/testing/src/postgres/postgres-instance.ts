import type { Backend } from '../core/backend.js';

/** A real PostgreSQL server of our own. */
export interface PostgresInstance extends AsyncDisposable {
  /** `postgres://user:password@host:port/database` of an empty database; its user may do everything. */
  readonly url: string;
  /** How it is run. */
  readonly backend: Backend;
  /** Makes a further empty database on the same server (some 50 ms) and answers its URL. */
  createDatabase(): Promise<string>;
  /** Ends it and throws everything away. Harmless when it has ended. */
  stop(): Promise<void>;
}

/** Durability is not under test, and without it a server starts and writes many times faster. */
export const fastSettings: readonly string[] = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** @returns the URL of another database on the same server. */
export function databaseUrl(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}
