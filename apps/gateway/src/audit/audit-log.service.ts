import type { AuditEntry, AuditExportQuery, AuditQuery, Page } from '@bailiff/contracts/http';
import { type AuditFilter, Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { csvLine } from '../history/csv.js';
import { toAuditEntry } from './audit-entry.js';

const EXPORT_PAGE = 500;
const COLUMNS = [
  'at',
  'actor',
  'address',
  'action',
  'hostName',
  'target',
  'result',
  'code',
  'correlationId',
  'before',
  'after',
] as const satisfies readonly (keyof AuditEntry)[];

/** Reads the audit log. */
@Injectable()
export class AuditLogService {
  constructor(private readonly database: Database) {}

  /** Newest first, by default. */
  async page(query: AuditQuery): Promise<Page<AuditEntry>> {
    const { items, nextCursor } = await this.database.read.audit.page(filterOf(query), query);
    return { items: items.map(toAuditEntry), nextCursor, total: null };
  }

  /** The filtered set as text, a page at a time: however long the log is, only one page is in memory. */
  async *export(query: AuditExportQuery): AsyncGenerator<string> {
    if (query.format === 'csv') yield csvLine(COLUMNS);
    const filter = filterOf(query);
    let cursor: string | undefined;
    do {
      const { items, nextCursor } = await this.database.read.audit.page(filter, {
        cursor,
        limit: EXPORT_PAGE,
        sort: query.sort,
      });
      const entries = items.map(toAuditEntry);
      if (entries.length > 0) yield entries.map(query.format === 'csv' ? toCsv : toJsonLine).join('');
      cursor = nextCursor ?? undefined;
    } while (cursor !== undefined);
  }
}

function filterOf({ q, action, host, result, from, to }: AuditQuery): AuditFilter {
  return {
    q,
    action,
    hostId: host,
    result,
    fromMs: from === undefined ? undefined : Date.parse(from),
    toMs: to === undefined ? undefined : Date.parse(to),
  };
}

function toJsonLine(entry: AuditEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

function toCsv(entry: AuditEntry): string {
  return csvLine(
    COLUMNS.map((column) => {
      const value = entry[column];
      return value === null || typeof value === 'string' ? value : JSON.stringify(value);
    }),
  );
}
