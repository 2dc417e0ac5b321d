import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ddlFor } from './ddl.js';

/** Children first. */
const TABLES = ['bulk_failure', 'bulk_part', 'bulk_chunk', 'bulk_job'];

/** Lists of addresses to ban or unban: what was asked for, of whom, and what became of each entry. */
export class AddBulkJob1764500000000 implements MigrationInterface {
  readonly name = 'AddBulkJob1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    const ddl = ddlFor(runner);
    const ofJob = (table: string) =>
      `CONSTRAINT "FK_${table}_bulk_job" FOREIGN KEY ("job_id") REFERENCES "bulk_job" ("id") ON DELETE CASCADE`;
    await runner.query(
      `CREATE TABLE "bulk_job" ("id" text NOT NULL, "direction" text NOT NULL, "state" text NOT NULL, "name" text, "reason" text,
        "owner_kind" text NOT NULL, "owner" text NOT NULL, "created_at_ms" bigint NOT NULL, "started_at_ms" bigint,
        "ended_at_ms" bigint, "touched_at_ms" bigint NOT NULL, "entries" integer NOT NULL, "jails" text NOT NULL,
        "preview" text NOT NULL, ${ddl.primaryKey('bulk_job', 'id')})`,
    );
    await runner.query(`CREATE INDEX "IX_bulk_job_created_at_ms" ON "bulk_job" ("created_at_ms")`);
    await runner.query(
      `CREATE TABLE "bulk_chunk" ("job_id" text NOT NULL, "kind" text NOT NULL, "number" integer NOT NULL, "body" text NOT NULL,
        ${ddl.primaryKey('bulk_chunk', 'job_id', 'kind', 'number')}, ${ofJob('bulk_chunk')})`,
    );
    await runner.query(
      `CREATE TABLE "bulk_part" ("job_id" text NOT NULL, "number" integer NOT NULL, "host_id" text NOT NULL,
        "host_name" text NOT NULL, "jail" text NOT NULL, "state" text NOT NULL, "results" text NOT NULL, "code" text,
        "detail" text, "heard_at_ms" bigint, ${ddl.primaryKey('bulk_part', 'job_id', 'number')}, ${ofJob('bulk_part')})`,
    );
    await runner.query(
      `CREATE TABLE "bulk_failure" ("job_id" text NOT NULL, "part" integer NOT NULL, "from_position" integer NOT NULL,
        "to_position" integer NOT NULL, "code" text NOT NULL, "detail" text NOT NULL,
        ${ddl.primaryKey('bulk_failure', 'job_id', 'part', 'from_position')}, ${ofJob('bulk_failure')})`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE "${table}"`);
  }
}
