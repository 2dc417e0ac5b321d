import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';

/** Column types {@link rowSource} can read out of JSON. */
export type RowColumnType = 'text' | 'bigint';

/** Whether a manager speaks PostgreSQL; otherwise it is SQLite. */
export function isPostgres(manager: EntityManager): boolean {
  return manager.dataSource.options.type === 'postgres';
}

/** Runs SQL written with `?` placeholders on either database. The text must hold no other question mark. */
export async function execute<Row = unknown>(
  manager: EntityManager,
  sql: string,
  parameters: readonly unknown[],
): Promise<Row[]> {
  let index = 0;
  const text = isPostgres(manager) ? sql.replace(/\?/g, () => `$${(index += 1)}`) : sql;
  const result: unknown = await manager.query(text, [...parameters]);
  return rowsOf<Row>(result);
}

/** PostgreSQL's driver answers UPDATE and DELETE with `[rows, count]`, everything else with rows. */
function rowsOf<Row>(result: unknown): Row[] {
  if (!Array.isArray(result)) return [];
  const [first, second] = result as unknown[];
  return (result.length === 2 && Array.isArray(first) && typeof second === 'number' ? first : result) as Row[];
}

/**
 * A table of rows that come in one JSON parameter (`?`), named `alias`: one statement text and one parameter whatever the
 * number of rows, which both databases prepare once. Each row is an array: PostgreSQL takes a third longer to read objects.
 */
export function rowSource(manager: EntityManager, alias: string, columns: Record<string, RowColumnType>): string {
  const names = Object.keys(columns);
  if (isPostgres(manager)) {
    const fields = names.map((name, index) => `CAST(value ->> ${index} AS ${columns[name]}) AS "${name}"`);
    return `(SELECT ${fields.join(', ')} FROM json_array_elements(?::json)) AS ${alias}`;
  }
  const fields = names.map((name, index) => `value ->> ${index} AS "${name}"`);
  return `(SELECT ${fields.join(', ')} FROM json_each(?)) AS ${alias}`;
}

/** The parameter of {@link rowSource}: rows keyed by its column names. */
export function rowParameter(
  columns: Record<string, RowColumnType>,
  rows: readonly Record<string, string | number | null>[],
): string {
  const names = Object.keys(columns);
  return JSON.stringify(rows.map((row) => names.map((name) => row[name] ?? null)));
}

/** Turns a raw row (column names) into an entity (property names, converted values). */
export function hydrate<Entity extends ObjectLiteral>(
  manager: EntityManager,
  target: EntityTarget<Entity>,
  row: Record<string, unknown>,
): Entity {
  const { dataSource } = manager;
  const metadata = dataSource.getMetadata(target);
  const entity = metadata.create() as Entity;
  for (const column of metadata.columns) {
    column.setEntityValue(entity, dataSource.driver.prepareHydratedValue(row[column.databaseName], column));
  }
  return entity;
}

/** Text that both databases can hold: PostgreSQL refuses NUL and unpaired surrogates, which hostile log lines may carry. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').toWellFormed();
}

/** A `LIKE … ESCAPE '\'` pattern that matches anything containing the text, whatever characters it holds. */
export function containsPattern(text: string): string {
  return `%${storableText(text).replace(/[\\%_]/g, '\\$&')}%`;
}
