import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ddlFor } from './ddl.js';

/** How many were banned, by the hour. */
export class AddBannedCount1764700000000 implements MigrationInterface {
  readonly name = 'AddBannedCount1764700000000';

  async up(runner: QueryRunner): Promise<void> {
    const { primaryKey } = ddlFor(runner);
    await runner.query(
      `CREATE TABLE "banned_count" (
        "hour_ms" bigint NOT NULL, "host_id" text NOT NULL, "origin" text NOT NULL, "banned" bigint NOT NULL,
        ${primaryKey('banned_count', 'hour_ms', 'host_id', 'origin')})`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "banned_count"`);
  }
}
