import { Column, type ColumnOptions, type ValueTransformer } from 'typeorm';

/** PostgreSQL hands out bigint as text; ours stay below 2^53, so they are plain numbers. */
const asNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (value === null || value === undefined ? null : Number(value)),
};

const asJson: ValueTransformer = {
  to: (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value)),
  from: (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : null),
};

/** `expiresAtMs` of a ban that never ends: the last instant a Date can hold, so that permanent bans sort last everywhere. */
export const NEVER_MS = 8_640_000_000_000_000;

const neverAsNull: ValueTransformer = {
  to: (value: unknown) => (value === null ? NEVER_MS : value),
  from: (value: unknown) => (Number(value) >= NEVER_MS ? null : Number(value)),
};

/** Milliseconds since the epoch, UTC, or any other whole number that may pass 2^31. */
export function BigintColumn(options: ColumnOptions = {}): PropertyDecorator {
  return Column({ ...options, type: 'bigint', transformer: asNumber });
}

/** Milliseconds since the epoch, UTC; `null` in the entity is {@link NEVER_MS} in the table. */
export function ExpiryColumn(): PropertyDecorator {
  return Column({ type: 'bigint', transformer: neverAsNull });
}

/** A JSON value kept as text, parsed on the way out. */
export function JsonColumn(options: ColumnOptions = {}): PropertyDecorator {
  return Column({ ...options, type: 'text', transformer: asJson });
}

/**
 * Text that is compared and sorted byte by byte. SQLite does so by itself; PostgreSQL needs to be told,
 * or the database's own locale would decide the order of pages.
 */
export function SortedTextColumn(options: ColumnOptions = {}): PropertyDecorator {
  return Column({ ...options, type: 'text', collation: 'C' });
}
