import type { BulkJob as BulkJobInfo } from '@bailiff/contracts/http';
import type { BulkJob, BulkPart } from '@bailiff/persistence';
import { addCounts, countResults } from './part-results.js';

/** A job as the API shows it. @param perSecond results a second, lately */
export function toBulkJob(job: BulkJob, parts: readonly BulkPart[], perSecond: number | null): BulkJobInfo {
  const shown = parts.map((part) => ({ part, counts: countResults(part, job.entries) }));
  const counts = addCounts(shown.map((one) => one.counts));
  const isMoving = job.state === 'running' && perSecond !== null && perSecond > 0;
  return {
    id: job.id,
    direction: job.direction,
    state: job.state,
    name: job.name,
    reason: job.reason,
    durationSeconds: job.durationSeconds,
    owner: job.owner,
    createdAt: timeOf(job.createdAtMs),
    startedAt: job.startedAtMs === null ? null : timeOf(job.startedAtMs),
    endedAt: job.endedAtMs === null ? null : timeOf(job.endedAtMs),
    entries: job.entries,
    jails: job.jails,
    counts,
    perSecond: isMoving ? Math.round(perSecond) : null,
    etaSeconds: isMoving ? Math.ceil(counts.pending / perSecond) : null,
    parts: shown.map(({ part, counts: own }) => ({
      hostId: part.hostId,
      hostName: part.hostName,
      jail: part.jail,
      state: part.state,
      counts: own,
      code: part.code,
      detail: part.detail,
      heardAt: part.heardAtMs === null ? null : timeOf(part.heardAtMs),
    })),
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
