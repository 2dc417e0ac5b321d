import type { Database, Host, IngestStep, IngestTicket } from '@bailiff/persistence';

import { ipv4Networks, ipv6Networks } from './networks.ts';
import { pastSlices, type PastSlice } from './past-tickets.ts';

/** Bans a transaction, and bans a statement of it. */
const sliceSize = 50_000;
const stepSize = 2_500;
/** Transactions a host has ready, one after another. */
const slicesOfHost = 4;
const placesAtOnce = 10_000;

/** Hosts the past happened on: made up, never online. */
const hosts = [
  ['d0d0000000000001', 'web-2'],
  ['d0d0000000000002', 'mail-1'],
  ['d0d0000000000003', 'edge-1'],
] as const;

/** Fills an archive with bans of a year, through the same code that stores what agents report.
 *  @param onSlice told how many bans are stored
 *  @returns milliseconds spent storing, the making of the data left out */
export async function fillArchive(
  database: Database,
  count: number,
  seed: number,
  onSlice: (stored: number) => void = () => undefined,
): Promise<number> {
  const nowMs = Date.now();
  const known = new Set((await database.read.hosts.list()).map(({ id }) => id));
  await database.withTransaction(async (repositories) => {
    for (const [id, name] of hosts) if (!known.has(id)) await repositories.hosts.insert(madeUpHost(id, name, nowMs));
  });
  const operators = new Map([...ipv4Networks, ...ipv6Networks].map(({ asn, operator }) => [asn, operator]));
  const asNames = Array.from(operators, ([asn, name]) => ({ asn, name }));
  let stored = 0;
  let spentMs = 0;
  const hostIds = hosts.map(([id]) => id) as [string, ...string[]];
  // Agents of several hosts tell at once, each at its own pace; on SQLite they take turns anyway.
  const atOnce = database.kind === 'postgres' ? hosts.length * slicesOfHost : 1;
  let waiting: PastSlice[] = [];
  const store = async () => {
    // What is known of addresses comes first, as it would for most bans of a long run.
    const places = new Map(waiting.flatMap((slice) => slice.places.map((place) => [place.address, place])));
    const entries = [...places.values()];
    const resolve = (some: typeof entries, names: typeof asNames) =>
      database.withTransaction(({ geo }) => geo.resolve({ entries: some, asNames: names, dataVersion: 'demo' }, nowMs));
    if (stored === 0) await resolve([], asNames);
    for (let start = 0; start < entries.length; start += placesAtOnce)
      await resolve(entries.slice(start, start + placesAtOnce), []);
    const startedAt = performance.now();
    await Promise.all(
      hostIds.map((hostId) =>
        storeSlices(
          database,
          waiting.filter((slice) => slice.hostId === hostId),
          nowMs,
        ),
      ),
    );
    spentMs += performance.now() - startedAt;
    stored += waiting.reduce((sum, { tickets }) => sum + tickets.length, 0);
    waiting = [];
    onSlice(stored);
  };
  for (const slice of pastSlices({ seed, count, hostIds, nowMs, sliceSize })) {
    waiting.push(slice);
    if (waiting.length === atOnce) await store();
  }
  if (waiting.length > 0) await store();
  return spentMs;
}

async function storeSlices(database: Database, slices: readonly PastSlice[], nowMs: number): Promise<void> {
  for (const { hostId, tickets } of slices)
    await database.withTransaction(({ ingest }) =>
      ingest.storeBatch({
        hostId,
        nowMs,
        session: { sid: 'past', boot: 0, seq: 0, position: '0' },
        steps: inSteps(tickets),
      }),
    );
}

function inSteps(tickets: readonly IngestTicket[]): IngestStep[] {
  return Array.from({ length: Math.ceil(tickets.length / stepSize) }, (_, step) => ({
    type: 'tickets',
    tickets: tickets.slice(step * stepSize, (step + 1) * stepSize),
  }));
}

function madeUpHost(id: string, name: string, nowMs: number): Host {
  return {
    ...{ id, agentId: id, name, hostname: `${name}.example.com`, tags: ['made-up'], state: 'active', isLocal: false },
    // Well-formed, and nobody holds their other halves: nothing signed with them will ever come.
    signPublicKey: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    sealPublicKey: 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo',
    keyId: 1,
    fingerprint: 'made up',
    redisPasswordSha256: '0'.repeat(64),
    enrolledAtMs: nowMs,
    lastSeenAtMs: null,
    agentVersion: null,
    fail2banVersion: null,
    socketPath: null,
    policyGroups: [],
    clockSkewMs: null,
    status: null,
    statusAtMs: null,
    alarmCount: 0,
    sessionSid: null,
    sessionBoot: 0,
    sessionSeq: 0,
    streamPosition: null,
    snapshotId: null,
    snapshotNextIndex: 0,
    failureNumber: 0,
  };
}
