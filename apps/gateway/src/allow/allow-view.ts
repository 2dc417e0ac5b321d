import type { AllowEntry, AllowHostState } from '@bailiff/contracts/http';
import type { AllowEntry as AllowRow, AllowHost, Host } from '@bailiff/persistence';

/** Whether an entry concerns a host. */
export function concerns(
  { hostIds, tag }: Pick<AllowRow, 'hostIds' | 'tag'>,
  host: Pick<Host, 'id' | 'tags'>,
): boolean {
  if (hostIds !== null) return hostIds.includes(host.id);
  return tag === null || host.tags.includes(tag);
}

/** An entry with its state on each host that it concerns. */
export function toAllowEntry(row: AllowRow, hosts: readonly Host[], states: readonly AllowHost[]): AllowEntry {
  const own = new Map(states.filter(({ entryId }) => entryId === row.id).map((state) => [state.hostId, state]));
  return {
    id: row.id,
    address: row.address,
    comment: row.comment,
    createdBy: row.createdBy,
    createdAt: new Date(row.createdAtMs).toISOString(),
    expiresAt: row.expiresAtMs === null ? null : new Date(row.expiresAtMs).toISOString(),
    hostIds: row.hostIds,
    tag: row.tag,
    jails: row.jails,
    hosts: hosts.filter((host) => concerns(row, host)).map((host) => stateOf(host, own.get(host.id), row.revision)),
  };
}

function stateOf({ id, name }: Host, answer: AllowHost | undefined, revision: number): AllowHostState {
  const host = { hostId: id, hostName: name };
  // What was said of an earlier revision says nothing of this one.
  if (answer === undefined || answer.revision !== revision)
    return { ...host, state: 'waiting', detail: null, at: null };
  const { state, detail, atMs } = answer;
  return { ...host, state: state === 'applied' ? 'applied' : 'failed', detail, at: new Date(atMs).toISOString() };
}
