import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = ['service', 'request_url', 'target_domain', 'target_subdomain'];

/** What the matched lines of a ban say, read at ingest: rows stored before have none. */
export class AddRequestToBanEvent1764100000000 implements MigrationInterface {
  readonly name = 'AddRequestToBanEvent1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) await runner.query(`ALTER TABLE "ban_event" ADD COLUMN "${column}" text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS.toReversed()) await runner.query(`ALTER TABLE "ban_event" DROP COLUMN "${column}"`);
  }
}
