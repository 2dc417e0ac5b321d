import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long the bans of a list last. */
export class AddBulkDuration1764820000000 implements MigrationInterface {
  readonly name = 'AddBulkDuration1764820000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "bulk_job" ADD COLUMN "duration_seconds" integer`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "bulk_job" DROP COLUMN "duration_seconds"`);
  }
}
