import { Brackets, type EntityManager } from 'typeorm';
import { AuditEntry, type AuditEntryResult, AuditPending } from '../entities/index.js';
import { fetchPage, type PageRequest, type PageResult, type SortField } from '../paging/keyset.js';
import { containsPattern, storableText } from '../sql/dialect.js';

/** What is known before an act is tried. */
export type AuditIntent = Omit<AuditEntry, 'id' | 'completedAtMs' | 'after' | 'result' | 'code'> & {
  readonly after?: object | null;
};

/** How an act ended. */
export interface AuditCompletion {
  readonly result: Exclude<AuditEntryResult, 'pending'>;
  readonly code: string | null;
  /** Replaces the intended `after` when given. */
  readonly after?: object | null;
  readonly completedAtMs: number;
}

/** Rows of the audit log that are meant; absent fields mean all. */
export interface AuditFilter {
  /** Part of actor, action, target, host name, address or correlation id; case does not matter. */
  readonly q?: string | undefined;
  readonly action?: string | undefined;
  readonly hostId?: string | undefined;
  readonly result?: string | undefined;
  /** Inclusive. */
  readonly fromMs?: number | undefined;
  /** Exclusive. */
  readonly toMs?: number | undefined;
}

const SEARCHED = ['actor', 'action', 'target', 'hostName', 'address', 'correlationId'];
const ID: SortField<AuditEntry> = { property: 'id', type: 'number', value: ({ id }) => id };
const AT: SortField<AuditEntry> = { property: 'atMs', type: 'number', value: ({ atMs }) => atMs };

/** The audit log. Append-only: the database itself refuses anything but one completion of a pending row. */
export class AuditRepository {
  constructor(private readonly manager: EntityManager) {}

  /**
   * Writes the intent; its id completes it later.
   * @param gatewayId who will; null: the caller, inside this very transaction
   */
  async begin(intent: AuditIntent, gatewayId: string | null): Promise<number> {
    const entry = this.manager.create(AuditEntry, {
      ...intent,
      target: intent.target === null ? null : storableText(intent.target),
      after: intent.after ?? null,
      completedAtMs: null,
      result: 'pending',
      code: null,
    });
    // PostgreSQL's driver hands generated numbers back as text.
    const id = Number((await this.manager.save(entry)).id);
    if (gatewayId !== null) await this.manager.insert(AuditPending, { entryId: id, gatewayId });
    return id;
  }

  /** @returns whether it was pending until now */
  async complete(id: number, { after, ...end }: AuditCompletion): Promise<boolean> {
    const changes = after === undefined ? end : { ...end, after };
    const { affected } = await this.manager.update(AuditEntry, { id, result: 'pending' }, changes);
    await this.manager.delete(AuditPending, { entryId: id });
    return (affected ?? 0) > 0;
  }

  find(id: number): Promise<AuditEntry | null> {
    return this.manager.findOneBy(AuditEntry, { id });
  }

  /** Newest first, by default. */
  page(filter: AuditFilter, page: PageRequest): Promise<PageResult<AuditEntry>> {
    const query = this.manager.createQueryBuilder(AuditEntry, 'a');
    if (filter.action !== undefined) query.andWhere('a.action = :action', filter);
    if (filter.hostId !== undefined) query.andWhere('a.hostId = :hostId', filter);
    if (filter.result !== undefined) query.andWhere('a.result = :result', filter);
    if (filter.fromMs !== undefined) query.andWhere('a.atMs >= :fromMs', filter);
    if (filter.toMs !== undefined) query.andWhere('a.atMs < :toMs', filter);
    if (filter.q !== undefined) {
      const pattern = containsPattern(filter.q.toLowerCase());
      query.andWhere(
        new Brackets((any) => {
          for (const field of SEARCHED) any.orWhere(`lower(a.${field}) LIKE :pattern ESCAPE '\\'`, { pattern });
        }),
      );
    }
    return fetchPage(query, page, { fields: { at: AT }, defaultSort: '-at', id: ID });
  }
}
