import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ddlFor } from './ddl.js';

/** Which gateway waits for the end of an act, and which gateways live. */
export class AddGatewayInstance1764900000000 implements MigrationInterface {
  readonly name = 'AddGatewayInstance1764900000000';

  async up(runner: QueryRunner): Promise<void> {
    const { primaryKey } = ddlFor(runner);
    await runner.query(
      `CREATE TABLE "gateway_instance" (
        "id" text NOT NULL, "beats" bigint NOT NULL, "seen_at_ms" bigint NOT NULL, "hostname" text NOT NULL,
        ${primaryKey('gateway_instance', 'id')})`,
    );
    await runner.query(
      `CREATE TABLE "audit_pending" (
        "entry_id" bigint NOT NULL, "gateway_id" text NOT NULL, ${primaryKey('audit_pending', 'entry_id')})`,
    );
    await runner.query(
      `INSERT INTO "audit_pending" ("entry_id", "gateway_id") SELECT "id", '' FROM "audit_entry" WHERE "result" = 'pending'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "audit_pending"`);
    await runner.query(`DROP TABLE "gateway_instance"`);
  }
}
