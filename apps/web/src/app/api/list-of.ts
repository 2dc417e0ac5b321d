import type { Page } from '@bailiff/contracts/http';

/** The rows of an answer that is a list or one page of it. */
export function listOf<T>(body: unknown): readonly T[] {
  return Array.isArray(body) ? (body as readonly T[]) : (body as Page<T>).items;
}
