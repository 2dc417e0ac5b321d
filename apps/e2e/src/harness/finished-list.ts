import type { BulkDraft } from '@bailiff/contracts/http';
import { eventually } from '@bailiff/testing';
import type { ApiClient } from './api-client.js';

/** Unbans a list in one jail and waits until that is over; answers the list's id. */
export async function unbanList(
  api: ApiClient,
  { hostId, jail, name }: { readonly hostId: string; readonly jail: string; readonly name: string },
  addresses: readonly string[],
): Promise<string> {
  const query = new URLSearchParams({ direction: 'unban', hosts: hostId, jails: jail, name });
  const { job } = await api.uploadList(query.toString(), addresses);
  await api.post(`/api/v1/bulk-jobs/${job.id}/start`, {
    confirmedEntries: job.entries,
    reason: 'never were attackers',
  });
  await eventually(
    async () => {
      const now = await api.get<BulkDraft>(`/api/v1/bulk-jobs/${job.id}/preview`);
      if (now.job.state !== 'done') throw new Error(`it is ${now.job.state}`);
    },
    { withinMs: 60_000, everyMs: 200, what: 'the list to be done with' },
  );
  return job.id;
}
