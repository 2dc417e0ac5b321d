import type { AuditEntry } from '@bailiff/contracts/http';
import type { AuditEntry as AuditRow } from '@bailiff/persistence';

/** A stored row as the API shows it. */
export function toAuditEntry(row: AuditRow): AuditEntry {
  return {
    id: String(row.id),
    at: new Date(row.atMs).toISOString(),
    actor: row.actor,
    address: row.address,
    action: row.action,
    hostId: row.hostId,
    hostName: row.hostName,
    target: row.target,
    before: row.before,
    after: row.after,
    result: row.result,
    code: row.code,
    correlationId: row.correlationId,
  };
}
