import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ddlFor } from './ddl.js';

/** Addresses with their bans counted, filled from the archive; and the archive by network. */
export class AddOffender1764200000001 implements MigrationInterface {
  readonly name = 'AddOffender1764200000001';

  async up(runner: QueryRunner): Promise<void> {
    const ddl = ddlFor(runner);
    const clustered = runner.dataSource.options.type === 'postgres' ? '' : ' WITHOUT ROWID';
    for (const statement of [
      `CREATE TABLE "offender" ("address_sort" ${ddl.sorted} NOT NULL, "address" ${ddl.sorted} NOT NULL, "bans" bigint NOT NULL,
        "first_at_ms" bigint NOT NULL, "last_at_ms" bigint NOT NULL, "country" text, "asn" bigint,
        ${ddl.primaryKey('offender', 'address_sort')})${clustered}`,
      `CREATE TABLE "offender_jail" ("address_sort" ${ddl.sorted} NOT NULL, "host_id" text NOT NULL, "jail" ${ddl.sorted} NOT NULL,
        "bans" bigint NOT NULL, ${ddl.primaryKey('offender_jail', 'address_sort', 'host_id', 'jail')})${clustered}`,
      `INSERT INTO offender (address_sort, address, bans, first_at_ms, last_at_ms, country, asn)
        SELECT address_sort, min(address), count(*), min(at_ms), max(at_ms), max(country), max(asn) FROM ban_event
        WHERE kind = 'ban' GROUP BY address_sort ORDER BY address_sort`,
      `INSERT INTO offender_jail (address_sort, host_id, jail, bans)
        SELECT address_sort, host_id, jail, count(*) FROM ban_event WHERE kind = 'ban' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      `CREATE INDEX "IX_offender_bans" ON "offender" ("bans", "address_sort") WHERE bans > 1`,
      // Nearly all bans are a jail's own: those are met on any walk, and the index is for the others.
      `DROP INDEX "IX_ban_event_origin"`,
      `CREATE INDEX "IX_ban_event_origin" ON "ban_event" ("origin", "at_ms", "id") WHERE origin <> 'selfblock'`,
      `CREATE INDEX "IX_ban_event_asn" ON "ban_event" ("asn", "at_ms", "id")`,
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of ['asn', 'origin']) await runner.query(`DROP INDEX "IX_ban_event_${index}"`);
    await runner.query(`CREATE INDEX "IX_ban_event_origin" ON "ban_event" ("origin", "at_ms", "id")`);
    for (const table of ['offender_jail', 'offender']) await runner.query(`DROP TABLE "${table}"`);
  }
}
