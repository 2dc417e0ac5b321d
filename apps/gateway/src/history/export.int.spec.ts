import type { HistoryEntry } from '@bailiff/contracts/http';
import type { IngestTicket } from '@bailiff/persistence';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import { hostRow } from '../../test/host-row.spec.js';
import { HistoryService } from './history.service.js';

const COUNT = 12_000;
const HOST = 'aaaaaaaaaaaaaaaa';

describe('GET /api/v1/history/export of a large archive', () => {
  let fleet: FleetHarness;
  const now = Date.now();
  beforeAll(async () => {
    fleet = await FleetHarness.start();
    await fleet.database.withTransaction(({ hosts }) => hosts.insert(hostRow({ state: 'active' })));
    const tickets = Array.from({ length: COUNT }, (_, n): IngestTicket => ({
      kind: 'ban',
      jail: n % 3 === 0 ? 'nginx' : 'sshd',
      address: `198.51.${n % 100}.${(n >> 6) % 256}`,
      atMs: now - n * 1000,
    }));
    await fleet.database.withTransaction(({ ingest }) =>
      ingest.storeBatch({
        hostId: HOST,
        nowMs: now,
        session: { sid: 's', boot: 1, seq: 1, position: '0' },
        steps: [{ type: 'tickets', tickets }],
      }),
    );
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  it('has every row that matches once', async () => {
    const { text } = await fleet.request('GET', '/api/v1/history/export?format=jsonl&jail=nginx&sort=address');
    const ids = text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as HistoryEntry).id);
    expect(ids).toHaveLength(COUNT / 3);
    expect(new Set(ids).size).toBe(COUNT / 3);
    const csv = await fleet.request('GET', '/api/v1/history/export?format=csv');
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(COUNT + 1);
  });

  it('reads no further than it is read', async () => {
    const pieces = fleet.app.get(HistoryService).export({ format: 'jsonl' });
    const first = await pieces.next();
    expect(String(first.value).trimEnd().split('\n')).toHaveLength(250);
    // Newest first: what is stored meanwhile belongs to the next export.
    await fleet.database.withTransaction(({ ingest }) =>
      ingest.storeBatch({
        hostId: HOST,
        nowMs: now,
        session: { sid: 's', boot: 1, seq: 2, position: '1' },
        steps: [{ type: 'tickets', tickets: [{ kind: 'ban', jail: 'sshd', address: '192.0.2.1', atMs: now + 5000 }] }],
      }),
    );
    let rows = 250;
    for await (const piece of pieces) rows += piece.trimEnd().split('\n').length;
    expect(rows).toBe(COUNT);
  });
});
