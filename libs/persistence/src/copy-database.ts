import { setImmediate } from 'node:timers/promises';
import type { ObjectLiteral } from 'typeorm';
import type { Database } from './database.js';
import { ENTITIES } from './entities/index.js';

const SLICE = 500;

/**
 * Copies every row into another database whose tables are empty, in one transaction of the target: it ends complete or
 * untouched. Ids are kept, and the target's own numbering goes on after them.
 * @throws the driver's error when the target is not empty
 */
export async function copyDatabase(from: Database, to: Database): Promise<void> {
  await to.withTransaction(async ({ manager }) => {
    for (const entity of ENTITIES) {
      const target: new () => ObjectLiteral = entity;
      const { primaryColumns } = manager.dataSource.getMetadata(target);
      const order = Object.fromEntries(primaryColumns.map(({ propertyName }) => [propertyName, 'ASC' as const]));
      for (let skip = 0; ; skip += SLICE) {
        const rows = await from.read.manager.find(target, { order, skip, take: SLICE });
        if (rows.length > 0) await manager.insert(target, rows);
        if (rows.length < SLICE) break;
        await setImmediate();
      }
      const [key] = primaryColumns;
      if (to.kind === 'postgres' && key?.generationStrategy === 'increment') {
        const { tablePath } = key.entityMetadata;
        await manager.query(
          `SELECT setval(pg_get_serial_sequence('${tablePath}', 'id'), greatest((SELECT max(id) FROM "${tablePath}"), 1),
            (SELECT count(*) FROM "${tablePath}") > 0)`,
        );
      }
    }
  });
}
