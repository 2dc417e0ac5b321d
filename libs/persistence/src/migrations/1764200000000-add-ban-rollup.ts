import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ddlFor } from './ddl.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const COLUMNS = 'dimension, level, host_id, start_ms, key, origin, bans';
/** Dimension, its finest level, the kind of events it counts, and its key as an expression over `ban_event`. */
const DIMENSIONS = [
  ['all', 'hour', 'ban', `''`],
  ['jail', 'hour', 'ban', 'jail'],
  ['country', 'hour', 'ban', `coalesce(country, '')`],
  ['asn', 'day', 'ban', `coalesce(CAST(asn AS text), '')`],
  ['country_jail', 'day', 'ban', `coalesce(country, '') || ' ' || jail`],
  ['unban', 'day', 'unban', `coalesce(country, '') || ' ' || jail`],
] as const;

/**
 * Roll-ups by hour, day and month in place of the hourly counters, filled from the archive. The archive learns AS numbers.
 */
export class AddBanRollup1764200000000 implements MigrationInterface {
  readonly name = 'AddBanRollup1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    const ddl = ddlFor(runner);
    const isPostgres = runner.dataSource.options.type === 'postgres';
    await runner.query(`ALTER TABLE "ban_event" ADD COLUMN "asn" bigint`);
    await runner.query(`CREATE TABLE "ban_rollup" ("dimension" text NOT NULL, "level" text NOT NULL, "host_id" text NOT NULL,
      "start_ms" bigint NOT NULL, "key" ${ddl.sorted} NOT NULL, "origin" text NOT NULL, "bans" bigint NOT NULL,
      ${ddl.primaryKey('ban_rollup', 'dimension', 'level', 'host_id', 'start_ms', 'key', 'origin')})${
        isPostgres ? '' : ' WITHOUT ROWID'
      }`);
    const month = isPostgres
      ? `CAST(extract(epoch FROM date_trunc('month', to_timestamp(start_ms / 1000) AT TIME ZONE 'UTC')) * 1000 AS bigint)`
      : `CAST(unixepoch(start_ms / 1000, 'unixepoch', 'start of month') * 1000 AS integer)`;
    const fold = (from: string, to: string, host: string, start: string) =>
      runner.query(`INSERT INTO ban_rollup (${COLUMNS})
        SELECT dimension, '${to}', ${host}, ${start}, key, origin, sum(bans) FROM ban_rollup WHERE level = '${from}'
        GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6`);
    for (const [dimension, level, kind, key] of DIMENSIONS) {
      const start = `at_ms - at_ms % ${level === 'hour' ? HOUR_MS : DAY_MS}`;
      await runner.query(`INSERT INTO ban_rollup (${COLUMNS})
        SELECT '${dimension}', '${level}', host_id, ${start}, ${key}, origin, count(*) FROM ban_event
        WHERE kind = '${kind}' GROUP BY 3, 4, 5, 6 ORDER BY 3, 4, 5, 6`);
    }
    await fold('hour', 'day', 'host_id', `start_ms - start_ms % ${DAY_MS}`);
    await fold('day', 'day', `''`, 'start_ms');
    await fold('day', 'month', 'host_id', month);
    await runner.query(`CREATE INDEX "IX_ban_rollup_pair" ON "ban_rollup" ("host_id", "key", "start_ms")
      WHERE dimension = 'country_jail' AND level = 'day'`);
    await runner.query('DROP TABLE "ban_count_hour"');
  }

  async down(runner: QueryRunner): Promise<void> {
    const ddl = ddlFor(runner);
    await runner.query(`CREATE TABLE "ban_count_hour" ("hour_ms" bigint NOT NULL, "host_id" text NOT NULL, "jail" ${ddl.sorted} NOT NULL,
      "country" text NOT NULL, "bans" bigint NOT NULL,
      ${ddl.primaryKey('ban_count_hour', 'hour_ms', 'host_id', 'jail', 'country')})`);
    await runner.query(`INSERT INTO ban_count_hour (hour_ms, host_id, jail, country, bans)
      SELECT at_ms - at_ms % ${HOUR_MS}, host_id, jail, coalesce(country, ''), count(*) FROM ban_event WHERE kind = 'ban'
      GROUP BY 1, 2, 3, 4`);
    await runner.query('DROP TABLE "ban_rollup"');
    await runner.query('ALTER TABLE "ban_event" DROP COLUMN "asn"');
  }
}
