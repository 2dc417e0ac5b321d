import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ddlFor } from './ddl.js';

/** Deleting events: how far it is, and what must not come back. */
export class AddArchivePurge1764200000003 implements MigrationInterface {
  readonly name = 'AddArchivePurge1764200000003';

  async up(runner: QueryRunner): Promise<void> {
    const ddl = ddlFor(runner);
    await runner.query(`CREATE TABLE "archive_purge" ("id" text NOT NULL, "job_id" text NOT NULL, "reason" text NOT NULL,
      "state" text NOT NULL, "actor" text NOT NULL, "before_ms" bigint NOT NULL, "total" bigint, "deleted" bigint NOT NULL,
      "started_at_ms" bigint NOT NULL, "heartbeat_at_ms" bigint NOT NULL, "finished_at_ms" bigint,
      ${ddl.primaryKey('archive_purge', 'id')})`);
    await runner.query(`CREATE TABLE "archive_watermark" ("host_id" text NOT NULL, "before_ms" bigint NOT NULL,
      ${ddl.primaryKey('archive_watermark', 'host_id')})`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['archive_watermark', 'archive_purge']) await runner.query(`DROP TABLE "${table}"`);
  }
}
