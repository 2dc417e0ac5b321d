/** Fields of an error that a log may hold beside its type, message and stack, when they are plain text or numbers. */
const SAFE_FIELDS = ['code', 'kind', 'status', 'errno', 'syscall', 'address', 'port'] as const;

/** An error as pino's own serialiser leaves it: everything that can be enumerated on it is there. */
interface SerialisedError {
  readonly type?: unknown;
  readonly message?: unknown;
  readonly stack?: unknown;
  readonly aggregateErrors?: unknown;
  readonly [field: string]: unknown;
}

/**
 * What of an error goes into a log. Libraries hang on their errors what they were working on: a refused sign-in at Redis
 * carries its password (`command.args`), a failed statement the values it was to store (`parameters`). So only fields that
 * are known to be harmless pass.
 * @param error as pino's standard serialiser made it
 */
export function loggedError(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return error;
  const { type, message, stack, aggregateErrors, ...rest } = error as SerialisedError;
  const fields = SAFE_FIELDS.flatMap((name) => {
    const value = rest[name];
    return typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : [];
  });
  return {
    type,
    message,
    stack,
    ...Object.fromEntries(fields),
    ...(Array.isArray(aggregateErrors) ? { aggregateErrors: aggregateErrors.map((one) => loggedError(one)) } : {}),
  };
}
