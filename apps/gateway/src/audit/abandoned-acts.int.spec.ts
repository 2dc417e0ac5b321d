import { Database, type DatabaseLocation } from '@bailiff/persistence';
import { startPostgres, tempDir } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AbandonedActs } from './abandoned-acts.js';

/** A gateway as far as acts are concerned. */
class Gateway {
  readonly acts: AbandonedActs;

  constructor(
    private readonly database: Database,
    readonly id: string,
  ) {
    this.acts = new AbandonedActs(database, id, 3);
  }

  begin(): Promise<number> {
    const act = { address: null, hostId: null, hostName: null, target: null, before: null, correlationId: 'c' };
    return this.database.withTransaction(({ audit }) =>
      audit.begin({ ...act, atMs: Date.now(), actor: 'operator', action: 'jail.restart-all' }, this.id),
    );
  }

  /** What it does every now and then. @returns how many acts it ended */
  async tick(): Promise<number> {
    await this.database.withTransaction(({ gateways }) => gateways.beat(this.id, 'host', Date.now()));
    return this.acts.look(Date.now());
  }
}

describe.each(['sqlite', 'postgres'] as const)('AbandonedActs on %s', (kind) => {
  let database: Database;
  const cleanups: (() => Promise<unknown>)[] = [];
  let places: () => Promise<DatabaseLocation>;

  beforeAll(async () => {
    if (kind === 'sqlite') {
      const dir = await tempDir('bailiff-acts-');
      cleanups.push(async () => dir[Symbol.asyncDispose]());
      places = () => Promise.resolve({ sqlitePath: `${dir.path}/bailiff.db` });
    } else {
      const server = await startPostgres();
      cleanups.push(() => server.stop());
      places = async () => ({ databaseUrl: await server.createDatabase() });
    }
    database = await Database.open(await places());
    cleanups.push(() => database.close());
  });
  afterAll(async () => {
    for (const cleanup of cleanups.toReversed()) await cleanup();
  });

  const resultOf = async (id: number) => (await database.read.audit.find(id))?.result;

  it('ends what a dead gateway left, and nothing that a living one waits for, however long', async () => {
    const [dead, alive, other] = [new Gateway(database, 'a'), new Gateway(database, 'b'), new Gateway(database, 'c')];
    for (const gateway of [dead, alive, other]) await gateway.tick();
    const left = await Promise.all(Array.from({ length: 3 }, () => dead.begin()));
    const waits = await alive.begin();
    let ended = 0;
    for (let round = 0; round < 20; round++) ended += (await alive.tick()) + (await other.tick());
    expect(ended).toBe(3);
    for (const id of left)
      expect(await database.read.audit.find(id)).toMatchObject({ result: 'unknown', code: 'agent/outcome-unknown' });
    expect(await resultOf(waits)).toBe('pending');
    const end = { result: 'ok', code: null, completedAtMs: Date.now() } as const;
    expect(await database.withTransaction(({ audit }) => audit.complete(waits, end))).toBe(true);
    expect(await resultOf(waits)).toBe('ok');
    expect((await database.read.gateways.signs()).map(({ id }) => id).sort()).toEqual(['b', 'c']);
  });

  it('ends acts of gateways that never gave a sign, as older versions did not', async () => {
    const looking = new Gateway(database, 'd');
    const old = await new Gateway(database, '').begin();
    for (let round = 0; round < 3; round++) expect(await looking.tick()).toBe(0);
    expect(await resultOf(old)).toBe('pending');
    while ((await looking.tick()) === 0) expect(await resultOf(old)).toBe('pending');
    expect(await resultOf(old)).toBe('unknown');
  });

  it('counts anew once it could not look itself: then nobody could give a sign', async () => {
    const [looking, silent] = [new Gateway(database, 'e'), new Gateway(database, 'f')];
    await silent.tick();
    const waits = await silent.begin();
    for (let round = 0; round < 9; round++) {
      if (round % 3 === 2) looking.acts.forget();
      await looking.tick();
    }
    expect(await resultOf(waits)).toBe('pending');
    await silent.tick();
    for (let round = 0; round < 3; round++) await looking.tick();
    expect(await resultOf(waits)).toBe('pending');
    while ((await looking.tick()) === 0) continue;
    expect(await resultOf(waits)).toBe('unknown');
  });
});
