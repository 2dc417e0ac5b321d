import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is searched in an event, for a row alias. */
const text = (row: string) =>
  `${row}address || char(10) || ${row}jail || char(10) || coalesce(${row}request_url, '') || char(10) ||
    coalesce(${row}target_subdomain || '.', '') || coalesce(${row}target_domain, '')`;

/**
 * Parts of words, found by their three-letter pieces: an FTS5 table that holds no text of its own on SQLite, kept by triggers; an
 * index of pg_trgm on PostgreSQL, where the extension can be had. Without it searches read the archive.
 */
export class AddTextSearch1764200000002 implements MigrationInterface {
  readonly name = 'AddTextSearch1764200000002';

  async up(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type === 'postgres') return upPostgres(runner);
    await runner.query(
      `CREATE VIRTUAL TABLE ban_event_text USING fts5(text, content='', contentless_delete=1, tokenize='trigram', detail=none)`,
    );
    await runner.query(`INSERT INTO ban_event_text (rowid, text) SELECT id, ${text('')} FROM ban_event`);
    await runner.query(`CREATE TRIGGER ban_event_text_insert AFTER INSERT ON "ban_event"
      BEGIN INSERT INTO ban_event_text (rowid, text) VALUES (new.id, ${text('new.')}); END`);
    await runner.query(`CREATE TRIGGER ban_event_text_delete AFTER DELETE ON "ban_event"
      BEGIN DELETE FROM ban_event_text WHERE rowid = old.id; END`);
  }

  async down(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type === 'postgres') {
      await runner.query('DROP INDEX IF EXISTS "IX_ban_event_text"');
      return;
    }
    await runner.query('DROP TRIGGER ban_event_text_insert');
    await runner.query('DROP TRIGGER ban_event_text_delete');
    await runner.query('DROP TABLE ban_event_text');
  }
}

async function upPostgres(runner: QueryRunner): Promise<void> {
  // The migration is one transaction: a refused extension must not end it.
  await runner.query(`DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm; EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'pg_trgm can not be had: searches for parts of words read the archive'; END $$`);
  await runner.query(`DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm') THEN
    CREATE INDEX "IX_ban_event_text" ON "ban_event" USING gin ((${SEARCHED_TEXT}) gin_trgm_ops); END IF; END $$`);
}

/** As in the query: PostgreSQL uses the index for this very expression only. */
const SEARCHED_TEXT = `lower(address || chr(10) || jail || chr(10) || coalesce(request_url, '') || chr(10) ||
  coalesce(target_subdomain || '.', '') || coalesce(target_domain, ''))`;
