import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fail2banClient } from '@bailiff/fail2ban-protocol';
import {
  eventually,
  startFail2ban,
  tempDir,
  testedFail2banVersions,
  type Fail2banInstance,
  type TempDir,
} from '@bailiff/testing';
import { addressesOf } from '../../test/bulk-fixture.spec.js';
import { OriginMarks } from '../state/origin-marks.js';
import { StateDatabase } from '../state/state-database.js';
import type { TimedNews } from './group-work.js';
import { StartDoubt } from './start-doubt.js';
import { TimedBanStore, type TimedBan } from './timed-ban-store.js';
import { TimedBans } from './timed-bans.js';
import { WallClock } from './wall-clock.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const COUNT = 1_000;

describe.each(testedFail2banVersions)('the keeper of many timed bans on fail2ban %s', (version) => {
  let f2b: Fail2banInstance;
  let dir: TempDir;
  let state: StateDatabase;
  let store: TimedBanStore;
  let client: Fail2banClient;
  let keeper: TimedBans;
  let news: TimedNews[];
  const errors: unknown[] = [];
  const list = addressesOf(COUNT);

  beforeEach(async () => {
    f2b = await startFail2ban({ version, jails: { one: { bantime: 86_400, action: '' } } });
    dir = await tempDir('keeper-');
    state = new StateDatabase(dir.path);
    store = new TimedBanStore(state);
    client = new Fail2banClient({ socketPath: f2b.socketPath });
    news = [];
    keeper = keeperWith();
  });
  afterEach(async () => {
    await keeper.stop();
    await client.close();
    state.close();
    await dir[Symbol.asyncDispose]();
    await f2b[Symbol.asyncDispose]();
    expect(errors).toEqual([]);
  });

  const keeperWith = (clock = new WallClock()) =>
    new TimedBans({
      store,
      state,
      client,
      marks: new OriginMarks(state),
      clock,
      allowedIn: () => () => false,
      databasePath: () => f2b.databasePath,
      onNews: (one) => news.push(one),
      onError: (error) => errors.push(error),
    });
  const note = (addresses: readonly string[], of: Partial<TimedBan>) => {
    const fromMs = Date.now() - HOUR;
    const ban = { jail: 'one', fromMs, untilMs: Date.now() + 30 * DAY, endsMs: Date.now() + DAY, ...of };
    store.putAll(addresses.map((address) => ({ ...ban, address, origin: 'manual' })));
  };
  const banned = async () => (await f2b.client('get', 'one', 'banip')).split(/\s+/).filter((id) => id !== '');
  const told = (what: TimedNews['what']) => news.filter((one) => one.what === what).flatMap((one) => one.addresses);

  it('renews all that fail2ban would lift soon, and gives up what somebody unbanned by hand', async () => {
    await client.jail('one').bans.ban(list);
    const byHand = list.slice(7, 9);
    await f2b.client('set', 'one', 'unbanip', ...byHand);
    note(list, { endsMs: Date.now() + 1_000 });
    keeper.start();
    await eventually(() => expect(told('given up').sort()).toEqual([...byHand].sort()), { withinMs: 60_000 });
    await eventually(() => expect(store.nextRenewal('one')).toBeGreaterThan(Date.now() + 20 * HOUR), {
      withinMs: 150_000,
    });
    expect(await banned()).toHaveLength(COUNT - 2);
    expect(store.all()).toHaveLength(COUNT - 2);
  });

  it('makes all of them again that are gone since a crash, and notes by whom', async () => {
    note(list, { fromMs: Date.now() });
    keeper.start();
    await eventually(async () => expect(await banned()).toHaveLength(COUNT), { withinMs: 150_000 });
    await eventually(() => expect(told('banned again')).toHaveLength(COUNT));
    const marks = state.db.prepare(`SELECT count(*) AS n FROM origin_mark WHERE origin = 'manual'`).get();
    expect(marks?.['n']).toBe(COUNT);
  });

  it('lifts all of them when they are over, and lets others be', async () => {
    await client.jail('one').bans.ban([...list, '203.0.113.1']);
    note(list, { untilMs: Date.now() + 500 });
    keeper.start();
    await eventually(async () => expect(await banned()).toEqual(['203.0.113.1']), { withinMs: 150_000 });
    await eventually(() => expect(told('lifted')).toHaveLength(COUNT));
    expect(store.jails()).toEqual([]);
  });

  it('lifts nothing by a clock that is ahead at the start, but keeps the rest up, until the gateway speaks for it', async () => {
    const [over = '', lasting = ''] = list;
    await client.jail('one').bans.ban([over, lasting]);
    const wallMs = Date.now();
    const doubt = new StartDoubt({ wallMs: wallMs - DAY, uptimeMs: 5, bootId: 'before' }, () => undefined, {
      wallMs: () => Date.now(),
      uptimeMs: () => 60_000,
      bootId: () => 'now',
      isSynchronized: () => false,
    });
    keeper = keeperWith(new WallClock(undefined, undefined, doubt));
    note([over], { untilMs: Date.now() });
    note([lasting], { endsMs: wallMs - 1 });
    keeper.start();
    await eventually(() => expect(store.nextRenewal('one')).toBeGreaterThan(wallMs + 20 * HOUR), { withinMs: 60_000 });
    expect(await banned()).toHaveLength(2);
    doubt.hear(Date.now() - 2_000);
    keeper.lookSoon();
    await eventually(async () => expect(await banned()).toEqual([lasting]), { withinMs: 60_000 });
  });

  it('forgets everything, or all of some jails, and puts it back', () => {
    note(list, {});
    note(list.slice(0, 5), { jail: 'two' });
    keeper.release(['two'], undefined);
    expect(store.jails()).toEqual(['one']);
    const takeBack = keeper.release(undefined, undefined);
    expect(store.all()).toEqual([]);
    takeBack();
    expect(store.all()).toHaveLength(COUNT);
  });
});
