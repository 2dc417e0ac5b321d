import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ddlFor } from './ddl.js';

/** Answers of look-ups about addresses, and the role that a session was opened with. */
export class AddAddressLookup1764600000000 implements MigrationInterface {
  readonly name = 'AddAddressLookup1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    const { sorted, primaryKey } = ddlFor(runner);
    await runner.query(
      `CREATE TABLE "address_lookup" (
        "address" ${sorted} NOT NULL, "kind" text NOT NULL, "ask_id" text, "asked_at_ms" bigint NOT NULL,
        "answered_at_ms" bigint, "outcome" text, "code" text, "detail" text, "facts" text,
        ${primaryKey('address_lookup', 'address', 'kind')})`,
    );
    await runner.query(`CREATE INDEX "IX_address_lookup_asked_at_ms" ON "address_lookup" ("asked_at_ms")`);
    await runner.query(`ALTER TABLE "session" ADD COLUMN "role" text NOT NULL DEFAULT 'operator'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "session" DROP COLUMN "role"`);
    await runner.query(`DROP TABLE "address_lookup"`);
  }
}
