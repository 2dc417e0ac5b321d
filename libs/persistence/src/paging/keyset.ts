import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { InvalidSortError } from '../errors/invalid-sort.error.js';
import { decodeCursor, encodeCursor } from './cursor.js';

/** Asked page: at most `limit` rows after `cursor`, ordered by `sort` (`-` in front: descending). */
export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
  readonly sort?: string | undefined;
}

/** One page and the position of the next, null after the last. */
export interface PageResult<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

/** A field a list can be ordered by. */
export interface SortField<T> {
  /** Property of the entity. */
  readonly property: string;
  readonly type: 'string' | 'number';
  /** The value as the table holds it. */
  readonly value: (row: T) => string | number;
}

/** What a list can be ordered by and how ties are broken. */
export interface KeysetOptions<T> {
  readonly fields: Readonly<Record<string, SortField<T>>>;
  /** Used when none is asked for, e.g. `-at`. */
  readonly defaultSort: string;
  /** Unique property that breaks ties, in the direction of the sort. */
  readonly id: SortField<T>;
}

/** Rows a page when nothing is asked. */
export const DEFAULT_PAGE_SIZE = 50;

/**
 * Runs a query as one page. Positions are values, not offsets: page 10,000 costs what page 1 does, and rows that come or go
 * meanwhile neither repeat nor hide others.
 * @throws {InvalidSortError} @throws {InvalidCursorError}
 */
export async function fetchPage<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  { cursor, limit = DEFAULT_PAGE_SIZE, sort }: PageRequest,
  options: KeysetOptions<T>,
): Promise<PageResult<T>> {
  const asked = sort ?? options.defaultSort;
  const descending = asked.startsWith('-');
  const name = descending ? asked.slice(1) : asked;
  const field = Object.hasOwn(options.fields, name) ? options.fields[name] : undefined;
  if (field === undefined) throw new InvalidSortError(name, Object.keys(options.fields));

  const { alias } = query;
  const column = `${alias}.${field.property}`;
  const idColumn = `${alias}.${options.id.property}`;
  if (cursor !== undefined) {
    const position = decodeCursor(cursor, asked, { value: field.type, id: options.id.type });
    query.andWhere(`(${column}, ${idColumn}) ${descending ? '<' : '>'} (:keysetValue, :keysetId)`, {
      keysetValue: position.value,
      keysetId: position.id,
    });
  }
  const direction = descending ? 'DESC' : 'ASC';
  query.orderBy(column, direction);
  if (field.property !== options.id.property) query.addOrderBy(idColumn, direction);
  const rows = await query.limit(limit + 1).getMany();
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor =
    rows.length > limit && last !== undefined
      ? encodeCursor({ sort: asked, value: field.value(last), id: options.id.value(last) })
      : null;
  return { items, nextCursor };
}
