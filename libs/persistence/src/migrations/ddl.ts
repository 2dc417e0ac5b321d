import type { QueryRunner } from 'typeorm';

/** Column types that the two databases spell differently, and helpers that keep a migration one text for both. */
export interface Ddl {
  /** Number given by the database, never used twice. */
  readonly id: string;
  /** Text ordered byte by byte. */
  readonly sorted: string;
  /** Name of the column in its table's primary key, given to tables whose key is not {@link id}. */
  readonly primaryKey: (this: void, table: string, ...columns: string[]) => string;
}

/** DDL of the database a migration runs on. */
export function ddlFor(runner: QueryRunner): Ddl {
  const isPostgres = runner.dataSource.options.type === 'postgres';
  return {
    id: isPostgres ? 'bigserial PRIMARY KEY' : 'integer PRIMARY KEY AUTOINCREMENT NOT NULL',
    sorted: isPostgres ? 'text COLLATE "C"' : 'text',
    primaryKey: (table, ...columns) =>
      `CONSTRAINT "PK_${table}" PRIMARY KEY (${columns.map((column) => `"${column}"`).join(', ')})`,
  };
}
