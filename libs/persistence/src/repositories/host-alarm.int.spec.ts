import { beforeEach, expect, it } from '@jest/globals';
import { onBothDatabases } from '../../test/both-databases.spec.js';
import { HOST, hostRow, T0 } from '../../test/rows.spec.js';
import type { Database } from '../database.js';

const OTHER = 'fedcba9876543210';

onBothDatabases('HostRepository, alarms', (databases) => {
  let database: Database;
  const raise = (hostId: string, atMs: number) =>
    database.withTransaction(({ hosts }) => hosts.addAlarm({ hostId, code: 'replay', detail: 'came again', atMs }));
  const left = async (hostId: string) =>
    (await database.read.hosts.alarms(hostId, { limit: 100 })).items.map(({ atMs }) => atMs - T0);

  beforeEach(async () => {
    database = await databases.open();
    await database.withTransaction(async ({ hosts }) => {
      await hosts.insert(hostRow());
      await hosts.insert(hostRow({ id: OTHER, agentId: OTHER }));
    });
  });

  it('drops old ones, and all but the newest of each host, and still knows how many there were', async () => {
    for (let n = 0; n < 6; n += 1) await raise(HOST, T0 + n);
    for (let n = 0; n < 2; n += 1) await raise(OTHER, T0 + n);
    const purged = await database.withTransaction(({ hosts }) => hosts.purgeAlarms(T0 + 1, 3));
    expect(purged).toBe(4);
    expect(await left(HOST)).toEqual([5, 4, 3]);
    expect(await left(OTHER)).toEqual([1]);
    expect((await database.read.hosts.find(HOST))?.alarmCount).toBe(6);
    expect(await database.withTransaction(({ hosts }) => hosts.purgeAlarms(T0 + 1, 3))).toBe(0);
  });
});
