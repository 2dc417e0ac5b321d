import { beforeEach, expect, it } from '@jest/globals';
import { onBothDatabases } from '../../test/both-databases.spec.js';
import { ban, batch, HOST, hostRow, T0, tickets, unban } from '../../test/rows.spec.js';
import type { Database } from '../database.js';
import { GeoAddress } from '../entities/index.js';
import { HostNotUsableError } from '../errors/host-not-usable.error.js';
import type { IngestBatch, IngestResult, IngestSnapshot } from './ingest-batch.js';
import { IngestRepository } from './ingest.repository.js';

onBothDatabases(IngestRepository.name, (databases) => {
  let database: Database;
  const store = (it: IngestBatch): Promise<IngestResult> =>
    database.withTransaction(({ ingest }) => ingest.storeBatch(it));
  const archive = async () => (await database.read.banEvents.page({}, { limit: 500, sort: 'at' })).items;
  const active = async () => (await database.read.activeBans.page({}, { limit: 500, sort: 'address' })).items;

  beforeEach(async () => {
    database = await databases.open();
    await database.withTransaction(({ hosts }) => hosts.insert(hostRow()));
  });

  it('stores what is new once, however often it is delivered, and says which rows were new', async () => {
    const first = await store(batch([tickets(ban('192.0.2.1', T0), ban('192.0.2.2', T0))]));
    expect(first.events.map(({ event }) => event.address)).toEqual(['192.0.2.1', '192.0.2.2']);
    const again = await store(batch([tickets(ban('192.0.2.2', T0), ban('192.0.2.3', T0), ban('192.0.2.3', T0))]));
    expect(again.events.map(({ event }) => event.address)).toEqual(['192.0.2.3']);
    expect(await archive()).toHaveLength(3);
    const ids = (await archive()).map(({ id }) => id);
    expect(again.events[0]?.event.id).toBe(Math.max(...ids));
  });

  it('stores what the lines of a ban say, and nothing where they say nothing', async () => {
    const said = { service: 'nginx', requestUrl: '/a?b', targetDomain: 'example.org', targetSubdomain: 'www' };
    const hostile = { requestUrl: '/\u0000\ud800\u202e\'";--' };
    const { events } = await store(
      batch([tickets(ban('192.0.2.1', T0, said), ban('192.0.2.2', T0), ban('192.0.2.3', T0, hostile))]),
    );
    const nothing = { service: null, requestUrl: null, targetDomain: null, targetSubdomain: null };
    const stored = { ...nothing, requestUrl: '/\uFFFD\uFFFD\u202e\'";--' };
    for (const rows of [events.map(({ event }) => event), await archive()]) {
      expect(rows).toEqual([said, nothing, stored].map((row) => expect.objectContaining(row)));
    }
  });

  it('moves the position of the channel in the same transaction', async () => {
    await store(batch([tickets(ban('192.0.2.1', T0))], { session: { sid: 's1', boot: 3, seq: 8, position: '9-1' } }));
    expect(await database.read.ingest.loadSession(HOST)).toEqual({ sid: 's1', boot: 3, seq: 8, position: '9-1' });
    const broken = store(
      batch([tickets(ban('192.0.2.2', T0)), { type: 'tickets', tickets: [ban('192.0.2.3', Number.NaN)] }], {
        session: { sid: 's1', boot: 3, seq: 9, position: '9-2' },
      }),
    );
    await expect(broken).rejects.toThrow();
    expect((await database.read.ingest.loadSession(HOST))?.seq).toBe(8);
    expect(await archive()).toHaveLength(1);
  });

  it('keeps what is banned now in step with bans and unbans', async () => {
    const banned = await store(batch([tickets(ban('192.0.2.1', T0), ban('192.0.2.2', T0, { bantimeSeconds: -1 }))]));
    expect(banned.events.map(({ active: now }) => now?.expiresAtMs)).toEqual([T0 + 3_600_000, null]);
    await store(batch([tickets(unban('192.0.2.1', T0 + 5_000))]));
    expect((await active()).map(({ address }) => address)).toEqual(['192.0.2.2']);
    // Lifted and banned again within one second: bans carry whole seconds, so the order of arrival decides.
    await store(batch([tickets(unban('192.0.2.2', T0 + 10_400), ban('192.0.2.2', T0 + 10_000, { banCount: 2 }))]));
    expect((await active()).map(({ banCount }) => banCount)).toEqual([2]);
  });

  it('lifts a ban whose time fail2ban rounded to after its unban', async () => {
    // Banned at .6 of a second, which is told as the next one, and unbanned at .7.
    await store(batch([tickets(ban('192.0.2.1', T0 + 1_000))]));
    await store(batch([tickets(unban('192.0.2.1', T0 + 700))]));
    expect(await active()).toEqual([]);
    // An old unban that comes late lifts nothing newer.
    await store(batch([tickets(ban('192.0.2.2', T0 + 10_000))]));
    await store(batch([tickets(unban('192.0.2.2', T0 + 9_000))]));
    expect((await active()).map(({ address }) => address)).toEqual(['192.0.2.2']);
  });

  it('does not bring back a ban that was lifted later, or is over', async () => {
    await store(batch([tickets(unban('192.0.2.1', T0 + 60_000))]));
    const late = await store(batch([tickets(ban('192.0.2.1', T0), ban('192.0.2.2', T0 - 86_400_000))]));
    expect(late.events.map(({ active: now }) => now)).toEqual([null, null]);
    expect(await active()).toEqual([]);
    expect(await archive()).toHaveLength(3);
  });

  it('counts bans and failures by the hour', async () => {
    const found = { kind: 'found', jail: 'sshd', address: '192.0.2.9' } as const;
    const steps = [tickets({ ...found, atMs: T0 }, { ...found, atMs: T0 + 1 }, { ...found, atMs: T0 + 3_600_000 })];
    const result = await store(batch(steps));
    expect(result.failures).toHaveLength(3);
    await store(batch([tickets(ban('192.0.2.1', T0), ban('192.0.2.2', T0), unban('192.0.2.2', T0 + 1000))]));
    await store(batch([tickets(ban('192.0.2.1', T0))])); // known already
    const range = { fromMs: T0, toMs: T0 + 7_200_000 };
    expect(await database.read.rollups.failureSeries(range, 'hour')).toEqual([
      { atMs: T0, key: '', bans: 2 },
      { atMs: T0 + 3_600_000, key: '', bans: 1 },
    ]);
    expect(await database.read.rollups.failures({ ...range, toMs: T0 + 1 })).toBe(2);
    const purge = (beforeMs: number) => database.withTransaction(({ counts }) => counts.purgeFailures(beforeMs));
    expect([await purge(T0), await purge(T0 + 1), await purge(T0 + 1)]).toEqual([0, 1, 0]);
    expect(await database.read.counts.failuresByJail(range)).toEqual([
      { hostId: HOST, jail: 'sshd', hourMs: T0 + 3_600_000, count: 1 },
    ]);
    expect(await database.read.rollups.failures(range)).toBe(3);
    expect(await database.read.rollups.series(range, undefined, 'hour')).toEqual([{ atMs: T0, key: '', bans: 2 }]);
    expect(await database.read.rollups.top(range, 'jail', 5)).toEqual([{ key: 'sshd', bans: 2 }]);
  });

  it('counts a failure once, also when it is told again among new ones', async () => {
    const found = (number: number) =>
      ({ kind: 'found', jail: 'sshd', address: '192.0.2.9', atMs: T0, number }) as const;
    await store(batch([tickets(found(3), found(4))]));
    const again = await store(batch([tickets(found(3), found(4), ban('192.0.2.9', T0), found(7))]));
    expect(again.failures.map(({ number }) => number)).toEqual([7]);
    const broken = store(batch([tickets(found(8), ban('192.0.2.3', Number.NaN))]));
    await expect(broken).rejects.toThrow();
    expect((await store(batch([tickets(found(8))]))).failures).toHaveLength(1);
    const range = { fromMs: T0, toMs: T0 + 3_600_000 };
    expect(await database.read.rollups.failureSeries(range, 'hour')).toEqual([{ atMs: T0, key: '', bans: 4 }]);
  });

  it('gives countries to the archive, current bans and counters once they are known', async () => {
    // Documentation addresses count as reserved and are never asked for; known beforehand, they are like any other.
    const waiting = { country: null, resolvedAtMs: null, lastSeenAtMs: T0 };
    const known = ['198.51.100.1', '198.51.100.2'].map((address) => ({ address, ...waiting }));
    await database.withTransaction(({ manager }) => manager.insert(GeoAddress, known));
    await store(batch([tickets(ban('198.51.100.1', T0), ban('198.51.100.2', T0), ban('10.0.0.1', T0))]));
    expect((await database.read.geo.unresolved(10)).sort()).toEqual(['198.51.100.1', '198.51.100.2']);
    const entries = [
      { address: '198.51.100.1', country: 'CH', asn: null, rir: null },
      { address: '198.51.100.2', country: null, asn: null, rir: null },
    ];
    await database.withTransaction(({ geo }) => geo.resolve({ entries, asNames: [], dataVersion: 'v1' }, T0));
    expect(await database.read.geo.unresolved(10)).toEqual([]);
    const range = { fromMs: T0, toMs: T0 + 3_600_000 };
    expect(await database.read.rollups.top(range, 'country', 5)).toEqual([
      { key: '', bans: 2 },
      { key: 'CH', bans: 1 },
    ]);
    expect(await database.read.rollups.total(range)).toBe(3);
    expect((await active()).map(({ country }) => country)).toEqual([null, 'CH', null]);
    // A later ban of a known address has its country at once.
    const later = await store(batch([tickets(ban('198.51.100.1', T0 + 5000))]));
    expect(later.events[0]?.event.country).toBe('CH');
    expect(await database.read.rollups.top(range, 'country', 1)).toEqual([{ key: '', bans: 2 }]);
    expect(await database.read.rollups.total({ ...range, fromMs: T0 + 5000 })).toBe(1);
  });

  it('replaces current bans by a snapshot after its last chunk, never before', async () => {
    await store(batch([tickets(ban('192.0.2.1', T0), ban('192.0.2.2', T0))]));
    const chunk = (index: number, addresses: string[]): IngestSnapshot => ({
      id: 'aaaaaaaa-0000-0000-0000-000000000001',
      atMs: T0 + 60_000,
      index,
      count: 2,
      bans: addresses.map((address) => ({
        jail: 'sshd',
        address,
        bannedAtMs: T0,
        expiresAtMs: T0 + 3_600_000,
        banCount: 1,
      })),
    });
    const first = await store(batch([{ type: 'snapshot', snapshot: chunk(0, ['192.0.2.2', '192.0.2.3']) }]));
    expect(first.snapshot).toBeNull();
    expect((await active()).map(({ address }) => address)).toEqual(['192.0.2.1', '192.0.2.2']);
    // Lifted after the list was asked for, banned after it: neither is in the snapshot, both must hold.
    await store(batch([tickets(unban('192.0.2.3', T0 + 61_000), ban('192.0.2.9', T0 + 62_000))]));
    const last = await store(batch([{ type: 'snapshot', snapshot: chunk(1, ['192.0.2.4']) }]));
    expect(last.snapshot).toEqual({ added: 1, removed: 1 });
    expect((await active()).map(({ address }) => address)).toEqual(['192.0.2.2', '192.0.2.4', '192.0.2.9']);
    const stray = await store(batch([{ type: 'snapshot', snapshot: { ...chunk(1, []), id: 'b'.repeat(36) } }]));
    expect(stray.snapshot).toBeNull();
    expect(await active()).toHaveLength(3);
  });

  it('empties the current bans by an empty snapshot', async () => {
    await store(batch([tickets(ban('192.0.2.1', T0))]));
    const snapshot = { id: 'c'.repeat(36), atMs: T0 + 60_000, index: 0, count: 1, bans: [] };
    expect((await store(batch([{ type: 'snapshot', snapshot }]))).snapshot).toEqual({ added: 0, removed: 1 });
  });

  it('takes over hello and status, and forgets jails that are gone', async () => {
    const hello = { agentVersion: '0.1.0', hostname: 'web-1', groups: ['read'], fail2banVersion: '1.0.2' };
    const status = (names: string[]) => ({
      atMs: T0,
      summary: { reachable: true },
      fail2banVersion: '1.1.0',
      socketPath: '/run/fail2ban/fail2ban.sock',
      jails: names.map((name) => ({
        name,
        status: 'running',
        findtimeSeconds: 600.5,
        bantimeSeconds: -1,
        maxretry: 3,
      })),
    });
    await store(batch([{ type: 'status', status: status(['a', 'b']) }], { hello, clockSkewMs: -40 }));
    const { host } = await store(batch([{ type: 'status', status: status(['b', 'c']) }]));
    expect(host).toMatchObject({ agentVersion: '0.1.0', fail2banVersion: '1.1.0', clockSkewMs: -40, state: 'active' });
    const jails = await database.read.jails.list([HOST]);
    expect(jails.map(({ name, findtimeSeconds }) => [name, findtimeSeconds])).toEqual([
      ['b', 600.5],
      ['c', 600.5],
    ]);
  });

  it('survives hostile text', async () => {
    const nasty = '\'; DROP TABLE ban_event; --\u0000\ud800\u2028"\\';
    const [stored] = (await store(batch([tickets(ban('not an address \u0000', T0, { jail: 'j', matches: [nasty] }))])))
      .events;
    expect(stored?.event.matches).toEqual([nasty.replace('\u0000', '\ufffd').toWellFormed()]);
    expect((await archive())[0]?.addressSort.startsWith('~')).toBe(true);
  });

  it('stores nothing for a revoked or unknown host', async () => {
    await expect(store(batch([], { hostId: 'b'.repeat(16) }))).rejects.toThrow(HostNotUsableError);
    await database.withTransaction(({ hosts }) => hosts.update(HOST, { state: 'revoked' }));
    await expect(store(batch([tickets(ban('192.0.2.1', T0))]))).rejects.toThrow(HostNotUsableError);
    expect(await archive()).toEqual([]);
  });
});
