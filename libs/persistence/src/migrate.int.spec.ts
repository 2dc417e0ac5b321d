import { expect, it } from '@jest/globals';
import { onBothDatabases } from '../test/both-databases.spec.js';
import { BailiffDataSource, dataSourceOptions } from './data-source.js';
import { Database } from './database.js';
import { DatabaseUnusableError } from './errors/database-unusable.error.js';
import { SchemaDriftError } from './errors/schema-drift.error.js';
import { migrate, schemaDrift } from './migrate.js';
import { Repositories } from './repositories/repositories.js';

/** Undoes migrations, newest first, up to and with the named one. */
async function undoFrom(dataSource: BailiffDataSource, name: string): Promise<void> {
  const last = async () =>
    (await dataSource.query<{ name: string }[]>('SELECT name FROM migration ORDER BY timestamp DESC'))[0]?.name;
  for (let undone = ''; undone !== name;) {
    undone = (await last()) ?? name;
    await dataSource.undoLastMigration();
  }
}

onBothDatabases(migrate.name, (databases) => {
  it('goes up, down and up again, and the tables match the entities', async () => {
    const location = await databases.location();
    const dataSource = await new BailiffDataSource(dataSourceOptions(location)).initialize();
    try {
      await migrate(dataSource, location);
      await dataSource.query(`INSERT INTO setting (key, value, updated_at_ms) VALUES ('a', '1', 5)`);
      for (const _ of dataSource.migrations) await dataSource.undoLastMigration();
      expect((await schemaDrift(dataSource)).join('\n')).toContain('CREATE TABLE "setting"');
      await migrate(dataSource, location);
      expect(await dataSource.query('SELECT * FROM setting')).toEqual([]);
      expect(await schemaDrift(dataSource)).toEqual([]);
    } finally {
      await dataSource.destroy();
    }
  });

  it('keeps the archive when what was read in log lines comes and goes', async () => {
    const location = await databases.location();
    const dataSource = await new BailiffDataSource(dataSourceOptions(location)).initialize();
    try {
      await migrate(dataSource, location);
      await dataSource.query(
        `INSERT INTO ban_event (host_id, kind, jail, address, address_sort, at_ms, origin, request_url)
         VALUES ('h', 'ban', 'sshd', '192.0.2.1', 'x', 5, 'selfblock', '/x')`,
      );
      await undoFrom(dataSource, 'AddRequestToBanEvent1764100000000');
      expect(await dataSource.query('SELECT * FROM ban_event')).not.toHaveProperty('0.request_url');
      await migrate(dataSource, location);
      expect(await dataSource.query('SELECT address, request_url FROM ban_event')).toEqual([
        { address: '192.0.2.1', request_url: null },
      ]);
    } finally {
      await dataSource.destroy();
    }
  });

  it('knows acts that were pending before gateways said who waits for them', async () => {
    const location = await databases.location();
    const dataSource = await new BailiffDataSource(dataSourceOptions(location)).initialize();
    try {
      await migrate(dataSource, location);
      await undoFrom(dataSource, 'AddGatewayInstance1764900000000');
      for (const result of ['pending', 'ok'])
        await dataSource.query(
          `INSERT INTO audit_entry (at_ms, actor, action, result, correlation_id) VALUES (5, 'x', 'y', '${result}', 'c')`,
        );
      await migrate(dataSource, location);
      const { gateways } = new Repositories(dataSource.manager);
      expect(await gateways.signs()).toEqual([{ id: '', beats: null }]);
      expect(await gateways.waitingWith('', 10)).toHaveLength(1);
    } finally {
      await dataSource.destroy();
    }
  });

  it('counts the archive that is there', async () => {
    const location = await databases.location();
    const dataSource = await new BailiffDataSource(dataSourceOptions(location)).initialize();
    try {
      await migrate(dataSource, location);
      await undoFrom(dataSource, 'AddBanRollup1764200000000');
      const at = (text: string) => Date.parse(text);
      const rows: [string, string, number, string | null][] = [
        ['ban', 'sshd', at('2026-01-31T23:59:59.999Z'), 'CH'],
        ['ban', 'sshd', at('2026-02-01T00:00:00Z'), null],
        ['ban', 'nginx', at('2026-02-01T00:30:00Z'), 'CH'],
        ['unban', 'sshd', at('2026-02-01T00:40:00Z'), 'CH'],
      ];
      for (const [kind, jail, atMs, country] of rows)
        await dataSource.query(
          `INSERT INTO ban_event (host_id, kind, jail, address, address_sort, at_ms, origin, country)
           VALUES ('h', '${kind}', '${jail}', '192.0.2.1', 'x', ${atMs}, 'selfblock', ${country === null ? 'NULL' : `'${country}'`})`,
        );
      for (const [hostId, hour, failures] of [
        ['h', '2026-01-31T23:00:00Z', 3],
        ['h', '2026-02-01T00:00:00Z', 4],
        ['i', '2026-02-01T00:00:00Z', 5],
      ] as const)
        await dataSource.query(
          `INSERT INTO failure_count (hour_ms, host_id, jail, failures) VALUES (${at(hour)}, '${hostId}', 'sshd', ${failures})`,
        );
      await migrate(dataSource, location);
      const { rollups } = new Repositories(dataSource.manager);
      const year = { fromMs: at('2026-01-01'), toMs: at('2027-01-01') };
      expect(await rollups.total(year)).toBe(3);
      expect(await rollups.total({ ...year, toMs: at('2026-02-01') })).toBe(1);
      expect(await rollups.top({ ...year, hostIds: ['h'] }, 'country_jail', 9)).toEqual([
        { key: ' sshd', bans: 1 },
        { key: 'CH nginx', bans: 1 },
        { key: 'CH sshd', bans: 1 },
      ]);
      expect(await rollups.failures(year)).toBe(12);
      expect(await rollups.failureSeries({ ...year, hostIds: ['h'] }, 'hour')).toEqual([
        { atMs: at('2026-01-31T23:00:00Z'), key: '', bans: 3 },
        { atMs: at('2026-02-01T00:00:00Z'), key: '', bans: 4 },
      ]);
      expect(await rollups.series({ ...year, hostIds: ['h'] }, 'jail', 'hour')).toEqual([
        { atMs: at('2026-01-31T23:00:00Z'), key: 'sshd', bans: 1 },
        { atMs: at('2026-02-01T00:00:00Z'), key: 'nginx', bans: 1 },
        { atMs: at('2026-02-01T00:00:00Z'), key: 'sshd', bans: 1 },
      ]);
      expect(await rollups.series(year, 'jail', 'day')).toEqual([
        { atMs: at('2026-01-31'), key: 'sshd', bans: 1 },
        { atMs: at('2026-02-01'), key: 'nginx', bans: 1 },
        { atMs: at('2026-02-01'), key: 'sshd', bans: 1 },
      ]);
    } finally {
      await dataSource.destroy();
    }
  });

  it('lets several copies start at once', async () => {
    const location = await databases.location();
    const opened = await Promise.all([Database.open(location), Database.open(location), Database.open(location)]);
    const rows = await opened[0].read.manager.query<unknown[]>('SELECT * FROM migration');
    expect(rows).toHaveLength(opened[0].dataSource.migrations.length);
    await Promise.all(opened.map((database) => database.close()));
  });

  it('refuses tables that were changed behind its back', async () => {
    const location = await databases.location();
    const database = await Database.open(location);
    await database.dataSource.query('ALTER TABLE geo_address DROP COLUMN country');
    await database.close();
    await expect(Database.open(location)).rejects.toThrow(SchemaDriftError);
  });

  it('says why a database can not be used', async () => {
    await expect(Database.open({ sqlitePath: '/dev/null/bailiff.db' })).rejects.toThrow(DatabaseUnusableError);
    await expect(Database.open({ databaseUrl: 'postgres://nobody:secret@127.0.0.1:1/x' })).rejects.toThrow(
      'Nothing answers at that host and port.',
    );
  });
});
