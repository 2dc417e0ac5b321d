import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ddlFor } from './ddl.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const KEY = ['dimension', 'host_id', 'day_ms', 'key', 'origin'] as const;

/** The hours of a day move into one row; failures are counted by day and month too. */
export class AddDayHours1764800000000 implements MigrationInterface {
  readonly name = 'AddDayHours1764800000000';

  async up(runner: QueryRunner): Promise<void> {
    const ddl = ddlFor(runner);
    const isPostgres = runner.dataSource.options.type === 'postgres';
    const month = isPostgres
      ? `CAST(extract(epoch FROM date_trunc('month', to_timestamp(start_ms / 1000) AT TIME ZONE 'UTC')) * 1000 AS bigint)`
      : `CAST(unixepoch(start_ms / 1000, 'unixepoch', 'start of month') * 1000 AS integer)`;
    await runner.query(`CREATE TABLE "day_hours" ("dimension" text NOT NULL, "host_id" text NOT NULL, "day_ms" bigint NOT NULL,
      "key" ${ddl.sorted} NOT NULL, "origin" text NOT NULL, ${HOURS.map((hour) => `"h${hour}" integer NOT NULL`).join(', ')},
      ${ddl.primaryKey('day_hours', ...KEY)})${isPostgres ? '' : ' WITHOUT ROWID'}`);
    const hoursFrom = (at: string, bans: string) =>
      HOURS.map((hour) => `sum(CASE WHEN ${at} % ${DAY_MS} = ${hour * HOUR_MS} THEN ${bans} ELSE 0 END)`).join(', ');
    const into = `INSERT INTO day_hours (${KEY.join(', ')}, ${HOURS.map((hour) => `h${hour}`).join(', ')})`;
    for (const host of ['host_id', `''`]) {
      await runner.query(`${into}
        SELECT dimension, ${host}, start_ms - start_ms % ${DAY_MS}, key, origin, ${hoursFrom('start_ms', 'bans')}
        FROM ban_rollup WHERE level = 'hour' AND dimension IN ('all', 'jail') GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`);
      await runner.query(`${into}
        SELECT 'failure', ${host}, hour_ms - hour_ms % ${DAY_MS}, '', '', ${hoursFrom('hour_ms', 'failures')}
        FROM failure_count GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`);
    }
    await runner.query(`DELETE FROM ban_rollup WHERE level = 'hour'`);
    for (const [level, start, source] of [
      ['day', 'day_ms', `SELECT host_id, day_ms, ${sumOfHours()} AS bans FROM day_hours WHERE dimension = 'failure'`],
      ['month', month, `SELECT host_id, start_ms, bans FROM ban_rollup WHERE dimension = 'failure' AND level = 'day'`],
    ] as const)
      await runner.query(`INSERT INTO ban_rollup (dimension, level, host_id, start_ms, key, origin, bans)
        SELECT 'failure', '${level}', host_id, ${start}, '', '', sum(bans) FROM (${source}) AS s GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM ban_rollup WHERE dimension = 'failure'`);
    for (const hour of HOURS)
      await runner.query(`INSERT INTO ban_rollup (dimension, level, host_id, start_ms, key, origin, bans)
        SELECT dimension, 'hour', host_id, day_ms + ${hour * HOUR_MS}, key, origin, h${hour} FROM day_hours
        WHERE host_id <> '' AND dimension IN ('all', 'jail') AND h${hour} <> 0 ORDER BY dimension, host_id, day_ms, key, origin`);
    await runner.query(`INSERT INTO ban_rollup (dimension, level, host_id, start_ms, key, origin, bans)
      SELECT 'country', 'hour', host_id, at_ms - at_ms % ${HOUR_MS}, coalesce(country, ''), origin, count(*) FROM ban_event
      WHERE kind = 'ban' GROUP BY 3, 4, 5, 6 ORDER BY 3, 4, 5, 6`);
    await runner.query('DROP TABLE "day_hours"');
  }
}

function sumOfHours(): string {
  return HOURS.map((hour) => `h${hour}`).join(' + ');
}
