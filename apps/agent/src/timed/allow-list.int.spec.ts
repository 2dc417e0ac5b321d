import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fail2banClient } from '@bailiff/fail2ban-protocol';
import { startFail2ban, tempDir, type Fail2banInstance, type TempDir } from '@bailiff/testing';
import { OriginMarks } from '../state/origin-marks.js';
import { StateDatabase } from '../state/state-database.js';
import { AllowList } from './allow-list.js';
import { AllowStore } from './allow-store.js';
import { TimedBanStore } from './timed-ban-store.js';
import { TimedBans } from './timed-bans.js';
import { WallClock } from './wall-clock.js';

const DAY_MS = 86_400_000;

describe(`${AllowList.name} and the clock`, () => {
  let f2b: Fail2banInstance;
  let dir: TempDir;
  let state: StateDatabase;
  let client: Fail2banClient;
  let allowed: AllowList;
  const at = { wall: Date.now(), steady: 0 };
  const errors: unknown[] = [];

  beforeAll(async () => {
    f2b = await startFail2ban({ jails: { one: {} } });
    dir = await tempDir('allow-');
    state = new StateDatabase(dir.path);
    client = new Fail2banClient({ socketPath: f2b.socketPath });
    const clock = new WallClock(
      () => at.wall,
      () => at.steady,
    );
    const told = { client, onNews: () => undefined, onError: (error: unknown) => void errors.push(error) };
    const timed = new TimedBans({
      ...told,
      store: new TimedBanStore(state),
      marks: new OriginMarks(state),
      state,
      allowedIn: () => () => false,
      databasePath: () => f2b.databasePath,
    });
    allowed = new AllowList({
      ...told,
      store: new AllowStore(state),
      timed,
      clock,
      configuredIgnores: () => Promise.resolve([]),
    });
  });
  afterAll(async () => {
    allowed.stop();
    await client.close();
    state.close();
    await dir[Symbol.asyncDispose]();
    await f2b[Symbol.asyncDispose]();
    expect(errors).toEqual([]);
  });

  it('ends nothing by a clock that jumped, until it went evenly for a while', async () => {
    const entry = { id: 'an-entry', address: '198.51.100.7', expiresAtMs: at.wall + 3_600_000 };
    const told = async () => (await allowed.sync({ entries: [entry] })).entries[0]?.detail;
    const isIgnored = async () => (await f2b.client('get', 'one', 'ignoreip')).includes('198.51.100.7');
    for (const jumpMs of [0, DAY_MS, -DAY_MS, DAY_MS]) {
      at.wall += jumpMs;
      expect(await told()).toBe('one');
      expect(await isIgnored()).toBe(true);
      expect(allowed.judgeOf('one')('198.51.100.7')).toBe(true);
    }
    at.wall += 31_000;
    at.steady += 31_000;
    expect(await told()).toBe('over already');
    expect(await isIgnored()).toBe(false);
    expect(allowed.networks()).toEqual([]);
  });
});
