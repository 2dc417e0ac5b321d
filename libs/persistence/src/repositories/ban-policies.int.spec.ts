import { networkRange, parseNetwork, sortKey } from '@bailiff/ip';
import { beforeEach, expect, it } from '@jest/globals';
import { onBothDatabases } from '../../test/both-databases.spec.js';
import { ban, batch, HOST, hostRow, T0, tickets } from '../../test/rows.spec.js';
import type { Database } from '../database.js';
import type { AllowEntry, BanNote } from '../entities/index.js';

const entry = (id: string, more: Partial<AllowEntry> = {}): AllowEntry => ({
  id,
  address: '192.0.2.0/24',
  comment: null,
  jails: null,
  hostIds: null,
  tag: null,
  createdBy: 'operator',
  createdAtMs: T0,
  expiresAtMs: null,
  revision: 1,
  ...more,
});
const note = (address: string, more: Partial<BanNote> = {}): BanNote => ({
  hostId: HOST,
  jail: 'sshd',
  address,
  reason: 'why',
  actor: 'operator',
  atMs: T0,
  durationSeconds: null,
  ...more,
});

onBothDatabases('allow entries, notes on bans, sources of campaigns', (databases) => {
  let database: Database;
  beforeEach(async () => {
    database = await databases.open();
    await database.withTransaction(async ({ hosts, ingest }) => {
      await hosts.insert(hostRow());
      const addresses = ['198.51.100.1', '2001:db8::1', '2001:db8::2', '2001:db8::/64', '2001:db8:1::1'];
      const bans = addresses.map((address, n) => ban(address, T0 + n * 1_000));
      await ingest.storeBatch(batch([tickets(...bans)], { nowMs: T0 }));
    });
  });

  it('keeps what is allowed while its time lasts, with the last word of each host', async () => {
    await database.withTransaction(async ({ allow }) => {
      await allow.insert(entry('a', { jails: ['sshd'], hostIds: [HOST], comment: 'office' }));
      await allow.insert(entry('b', { expiresAtMs: T0 + 1_000, createdAtMs: T0 + 1 }));
      const answer = { entryId: 'a', revision: 1, state: 'failed', detail: 'busy' };
      await allow.answered(HOST, T0, [answer, { ...answer, entryId: 'gone' }]);
      await allow.answered(HOST, T0 + 5, [{ ...answer, revision: 2, state: 'applied', detail: null }]);
    });
    const { allow } = database.read;
    expect((await allow.list(T0)).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(await allow.list(T0 + 1_000)).toEqual([entry('a', { jails: ['sshd'], hostIds: [HOST], comment: 'office' })]);
    expect(await allow.states()).toEqual([
      { entryId: 'a', hostId: HOST, revision: 2, state: 'applied', detail: null, atMs: T0 + 5 },
    ]);
    await database.withTransaction(async (repositories) => {
      expect(await repositories.allow.purgeExpired(T0 + 1_000)).toBe(1);
      await repositories.allow.update('a', { comment: null, expiresAtMs: T0 + 9, revision: 3 });
      expect(await repositories.allow.delete('b')).toBe(false);
    });
    expect(await database.read.allow.find('a')).toMatchObject({ comment: null, expiresAtMs: T0 + 9, revision: 3 });
    await database.withTransaction(async (repositories) => expect(await repositories.allow.delete('a')).toBe(true));
    expect(await database.read.allow.states()).toEqual([]);
  });

  it('keeps the last note of a ban, until the ban is over', async () => {
    await database.withTransaction(async ({ banNotes }) => {
      await banNotes.put([note('198.51.100.1'), note('198.51.100.2')]);
      await banNotes.put([note('198.51.100.1', { reason: null, durationSeconds: -1 })]);
    });
    expect(await database.read.banNotes.find([HOST], ['198.51.100.1', '203.0.113.1'])).toEqual([
      note('198.51.100.1', { reason: null, durationSeconds: -1 }),
    ]);
    await database.withTransaction(async ({ banNotes }) => {
      expect(await banNotes.purge(T0)).toBe(0);
      expect(await banNotes.purge(T0 + 1)).toBe(1);
    });
    expect(await database.read.banNotes.find([HOST], ['198.51.100.2'])).toEqual([]);
  });

  it('finds current bans by network, and sets when they end', async () => {
    const { activeBans } = database.read;
    const singles = await activeBans.ipv6Singles(0, 10);
    expect(singles.map(({ address }) => address)).toEqual(['2001:db8::1', '2001:db8::2', '2001:db8:1::1']);
    expect(await activeBans.ipv6Singles(singles[0]?.id ?? 0, 1)).toEqual([singles[1]]);
    const prefix = parseNetwork('2001:db8::/64');
    expect(await activeBans.inNetwork(prefix, { hostId: HOST, jail: 'sshd' })).toHaveLength(3);
    expect(await activeBans.inNetwork(prefix, { jail: 'other' })).toEqual([]);
    await database.withTransaction((repositories) =>
      repositories.activeBans.setEnd(HOST, 'sshd', ['198.51.100.1'], null),
    );
    expect(await database.read.activeBans.findByAddresses(HOST, ['198.51.100.1'])).toMatchObject([
      { expiresAtMs: null },
    ]);
  });

  it('reads the newest bans slice by slice', async () => {
    const end = { atMs: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };
    const first = await database.read.campaigns.newest(T0 + 1_000, end, 3);
    expect(first.map(({ atMs }) => atMs - T0)).toEqual([4_000, 3_000, 2_000]);
    expect(first[0]).toMatchObject({ hostId: HOST, jail: 'sshd', asn: null });
    const [, , last = end] = first;
    expect((await database.read.campaigns.newest(T0 + 1_000, last, 3)).map(({ atMs }) => atMs - T0)).toEqual([1_000]);
    expect(await database.read.campaigns.newest(T0 + 1_000, end, 3, HOST)).toEqual(first);
    expect(await database.read.campaigns.newest(T0 + 1_000, end, 3, '00000000000000ff')).toEqual([]);
  });

  it('counts what is banned now of many networks and addresses at once', async () => {
    const { campaigns } = database.read;
    const networks = ['2001:db8::/64', '203.0.113.0/24', '2001:db8::/64'].map(parseNetwork);
    expect(await campaigns.activeIn(networks.map(networkRange))).toEqual([3, 0, 3]);
    expect(await campaigns.activeIn(networks.map(networkRange), [HOST])).toEqual([3, 0, 3]);
    expect(await campaigns.activeIn(networks.map(networkRange), [])).toEqual([0, 0, 0]);
    const [prefix = ''] = networks.map(sortKey);
    const keys = [prefix, sortKey(parseNetwork('203.0.113.9'))];
    expect(await campaigns.activeOf(keys)).toEqual(new Map([[prefix, 1]]));
    expect(await campaigns.activeOf(keys, ['00000000000000ff'])).toEqual(new Map());
  });
});
