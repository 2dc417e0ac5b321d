import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ddlFor } from './ddl.js';

/** Network and registry of addresses, the data they were read from, and names of networks. */
export class AddNetworkToGeoAddress1764300000000 implements MigrationInterface {
  readonly name = 'AddNetworkToGeoAddress1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    const ddl = ddlFor(runner);
    await runner.query('ALTER TABLE "geo_address" ADD COLUMN "asn" bigint');
    await runner.query('ALTER TABLE "geo_address" ADD COLUMN "rir" text');
    await runner.query('ALTER TABLE "geo_address" ADD COLUMN "data_version" text');
    await runner.query(
      `CREATE TABLE "as_name" ("asn" bigint NOT NULL, "name" text NOT NULL, ${ddl.primaryKey('as_name', 'asn')})`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "as_name"');
    for (const column of ['data_version', 'rir', 'asn'])
      await runner.query(`ALTER TABLE "geo_address" DROP COLUMN "${column}"`);
  }
}
