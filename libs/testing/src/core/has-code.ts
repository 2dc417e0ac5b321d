/**
 * Whether an error is one of Node's with that `code`. Not by `instanceof Error`: under Jest, Node's own errors are of
 * another realm than the test's `Error`.
 */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
