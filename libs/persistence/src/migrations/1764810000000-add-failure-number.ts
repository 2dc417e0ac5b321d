import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Up to which of its failures a host's agent has been counted: what is told twice counts once. */
export class AddFailureNumber1764810000000 implements MigrationInterface {
  readonly name = 'AddFailureNumber1764810000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "host" ADD COLUMN "failure_number" bigint NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "host" DROP COLUMN "failure_number"`);
  }
}
