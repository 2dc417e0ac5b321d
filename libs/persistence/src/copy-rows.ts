import { setImmediate } from 'node:timers/promises';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import { ENTITIES, Setting } from './entities/index.js';
import { DatabaseUnusableError } from './errors/database-unusable.error.js';

const SLICE = 500;

/** Name of the setting that says whether a database belongs to a finished installation. */
export const SETUP_STATE_KEY = 'setup.state';

/**
 * Copies every row. What an unfinished setup left in the target goes first.
 * @param to a transaction of the target: it ends complete or as it was
 * @throws {DatabaseUnusableError} when the target is another installation's
 */
export async function copyRows(from: EntityManager, to: EntityManager): Promise<void> {
  const state = await to.findOneBy(Setting, { key: SETUP_STATE_KEY });
  if (state?.value === 'complete') {
    throw new DatabaseUnusableError(
      'That database belongs to another, finished installation of Bailiff. Choose an empty one, or start with DATABASE_URL to use it.',
    );
  }
  await empty(to);
  for (const entity of ENTITIES) await copyTable(from, to, entity);
}

async function empty(manager: EntityManager): Promise<void> {
  const tables = ENTITIES.map((entity) => manager.dataSource.getMetadata(entity).tableName);
  if (manager.dataSource.options.type === 'postgres') {
    await manager.query(`TRUNCATE ${tables.map((table) => `"${table}"`).join(', ')} RESTART IDENTITY`);
    return;
  }
  // The audit log refuses deletion. These rows are copies that a move left behind when it was cut short: the originals live on.
  const [guard] = await manager.query<{ sql: string }[]>(
    `SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'audit_entry_no_delete'`,
  );
  await manager.query('DROP TRIGGER IF EXISTS audit_entry_no_delete');
  for (const table of tables.toReversed()) await manager.query(`DELETE FROM "${table}"`);
  if (guard !== undefined) await manager.query(guard.sql);
}

async function copyTable(from: EntityManager, to: EntityManager, entity: new () => ObjectLiteral): Promise<void> {
  const { primaryColumns, tableName } = to.dataSource.getMetadata(entity);
  const order = Object.fromEntries(primaryColumns.map(({ propertyName }) => [propertyName, 'ASC' as const]));
  for (let skip = 0; ; skip += SLICE) {
    const rows = await from.find(entity, { order, skip, take: SLICE });
    if (rows.length > 0) await to.insert(entity, rows);
    if (rows.length < SLICE) break;
    await setImmediate();
  }
  const isNumbered = primaryColumns[0]?.generationStrategy === 'increment';
  if (isNumbered && to.dataSource.options.type === 'postgres') {
    await to.query(
      `SELECT setval(pg_get_serial_sequence('${tableName}', 'id'), coalesce((SELECT max(id) FROM "${tableName}"), 1),
        EXISTS (SELECT 1 FROM "${tableName}"))`,
    );
  }
}
