import { QueryFailedError } from 'typeorm';
import { UniqueViolationError } from './unique-violation.error.js';

const UNIQUE_CODES = new Set(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', '23505']);

/** Whether a query failed because a unique key exists already, on either database. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const driverError: unknown = error.driverError;
  return (
    typeof driverError === 'object' &&
    driverError !== null &&
    'code' in driverError &&
    typeof driverError.code === 'string' &&
    UNIQUE_CODES.has(driverError.code)
  );
}

/** Runs a query; @throws {UniqueViolationError} in place of the driver's own words for it. */
export async function mapUniqueViolation<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (isUniqueViolation(error)) throw new UniqueViolationError({ cause: error });
    throw error;
  }
}
