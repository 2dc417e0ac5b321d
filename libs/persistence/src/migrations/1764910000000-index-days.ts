import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Days of any one key lie side by side, not of one country in one jail only. */
export class IndexDays1764910000000 implements MigrationInterface {
  readonly name = 'IndexDays1764910000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "IX_ban_rollup_pair"`);
    await runner.query(
      `CREATE INDEX "IX_ban_rollup_day" ON "ban_rollup" ("dimension", "host_id", "key", "start_ms") WHERE level = 'day'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "IX_ban_rollup_day"`);
    await runner.query(`CREATE INDEX "IX_ban_rollup_pair" ON "ban_rollup" ("host_id", "key", "start_ms")
      WHERE dimension = 'country_jail' AND level = 'day'`);
  }
}
