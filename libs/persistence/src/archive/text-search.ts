import type { EntityManager } from 'typeorm';
import { execute, isPostgres, storableText } from '../sql/dialect.js';
import { contains, type SearchedText } from './archive-filter.js';

/** Rows that are looked up one by one. Text in more rows than that is common enough to be met on a walk. */
export const MAX_CANDIDATES = 5_000;

/** Finds networks by the index of addresses, and parts of addresses, jails, URLs and sites by that of three-letter pieces. */
export class TextSearch {
  constructor(private readonly manager: EntityManager) {}

  /**
   * Ids of rows that may hold the text or lie in the network, a superset that its caller checks; undefined when there are more
   * than {@link MAX_CANDIDATES}, or the text is too short for the index.
   */
  async candidates(searched: SearchedText): Promise<number[] | undefined> {
    if ('first' in searched) {
      const { first, last } = searched;
      const inside = await execute<{ id: number }>(
        this.manager,
        `SELECT id FROM ban_event WHERE address_sort BETWEEN ? AND ? LIMIT ${MAX_CANDIDATES + 1}`,
        [first, last],
      );
      return inside.length > MAX_CANDIDATES ? undefined : inside.map(({ id }) => Number(id));
    }
    const text = storableText(searched.part);
    const letters = Array.from(text);
    if (letters.length < 3) return undefined;
    const rows = isPostgres(this.manager) ? await this.onPostgres(text) : await this.onSqlite(letters);
    return rows.length > MAX_CANDIDATES ? undefined : rows.map(({ id }) => Number(id));
  }

  /** The index keeps no places, so the pieces are asked for one by one. */
  private onSqlite(letters: readonly string[]): Promise<{ id: number }[]> {
    const pieces = new Set(letters.slice(0, -2).map((_, at) => letters.slice(at, at + 3).join('')));
    const match = Array.from(pieces, (piece) => `"${piece.replaceAll('"', '""')}"`).join(' AND ');
    return execute(
      this.manager,
      `SELECT rowid AS id FROM ban_event_text WHERE ban_event_text MATCH ? LIMIT ${MAX_CANDIDATES + 1}`,
      [match],
    );
  }

  private async onPostgres(text: string): Promise<{ id: number }[]> {
    const [index] = await execute(this.manager, `SELECT 1 FROM pg_indexes WHERE indexname = 'IX_ban_event_text'`, []);
    if (index === undefined) return Array<{ id: number }>(MAX_CANDIDATES + 1).fill({ id: 0 });
    const [pattern] = contains(text.toLowerCase(), true).parameters;
    return execute(
      this.manager,
      `SELECT e.id FROM ban_event e WHERE lower(address || chr(10) || jail || chr(10) || coalesce(request_url, '') || chr(10) ||
         coalesce(target_subdomain || '.', '') || coalesce(target_domain, '')) LIKE ? ESCAPE '\\' LIMIT ${MAX_CANDIDATES + 1}`,
      [pattern],
    );
  }
}
