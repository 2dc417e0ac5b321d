import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ddlFor } from './ddl.js';

/** Allow entries with their state on each host, and notes on bans by hand. */
export class AddAllowAndBanNote1764400000000 implements MigrationInterface {
  readonly name = 'AddAllowAndBanNote1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    const { primaryKey, sorted } = ddlFor(runner);
    await runner.query(
      `CREATE TABLE "allow_entry" ("id" text NOT NULL, "address" text NOT NULL, "comment" text, "jails" text, "host_ids" text,
        "tag" text, "created_by" text NOT NULL, "created_at_ms" bigint NOT NULL, "expires_at_ms" bigint,
        "revision" integer NOT NULL, ${primaryKey('allow_entry', 'id')})`,
    );
    await runner.query(
      `CREATE TABLE "allow_host" ("entry_id" text NOT NULL, "host_id" text NOT NULL, "revision" integer NOT NULL,
        "state" text NOT NULL, "detail" text, "at_ms" bigint NOT NULL, ${primaryKey('allow_host', 'entry_id', 'host_id')},
        CONSTRAINT "FK_allow_host_entry" FOREIGN KEY ("entry_id") REFERENCES "allow_entry" ("id") ON DELETE CASCADE,
        CONSTRAINT "FK_allow_host_host" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE)`,
    );
    await runner.query(
      `CREATE TABLE "ban_note" ("host_id" text NOT NULL, "jail" ${sorted} NOT NULL, "address" ${sorted} NOT NULL, "reason" text,
        "actor" text NOT NULL, "at_ms" bigint NOT NULL, "duration_seconds" bigint,
        ${primaryKey('ban_note', 'host_id', 'jail', 'address')},
        CONSTRAINT "FK_ban_note_host" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['ban_note', 'allow_host', 'allow_entry']) await runner.query(`DROP TABLE "${table}"`);
  }
}
