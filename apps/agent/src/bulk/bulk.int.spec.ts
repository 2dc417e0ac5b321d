import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, startFail2ban, testedFail2banVersions, type Fail2banInstance } from '@bailiff/testing';
import { addressesOf, BulkFixture } from '../../test/bulk-fixture.spec.js';

const bannedIn = async (f2b: Fail2banInstance, jail: string): Promise<string[]> =>
  (await f2b.client('get', jail, 'banip'))
    .split(/\s+/)
    .filter((id) => id !== '')
    .sort();

describe.each(testedFail2banVersions)('lists on fail2ban %s', (version) => {
  let f2b: Fail2banInstance;
  let bulk: BulkFixture;

  beforeEach(async () => {
    f2b = await startFail2ban({
      version,
      jails: { one: { bantime: 86_400, action: '' }, two: { bantime: -1, action: '' } },
    });
    bulk = await BulkFixture.on(f2b);
  });
  afterEach(async () => {
    await bulk[Symbol.asyncDispose]();
    await f2b[Symbol.asyncDispose]();
    expect(bulk.errors).toEqual([]);
  });

  const state = (id: string, jail = 'one') => bulk.report(id, jail).state;
  const ended = (id: string) =>
    eventually(() => expect(state(id)).toBe('ended'), { withinMs: 150_000, what: 'the list to be through' });
  const begun = (id: string, letters = 100) =>
    eventually(() => expect(bulk.report(id, 'one').results.length).toBeGreaterThan(letters), {
      withinMs: 60_000,
      everyMs: 5,
      what: 'the list to be under way',
    });

  it('are banned whole in each jail, one result an entry, guarded again, and marked as asked for', async () => {
    await f2b.client('set', 'one', 'banip', '203.0.113.9');
    const list = [
      ...addressesOf(12_000),
      '203.0.113.9',
      '198.51.100.7',
      '127.0.0.1',
      '192.0.2.200',
      '203.0.113.128/25',
      '198.0.0.0/9',
      '192.0.2.210', // on the allow list
    ];
    const id = bulk.begin('ban', ['one', 'two'], list);
    await ended(id);
    const { results, failures } = bulk.report(id, 'one');
    expect(results).toBe(`${'d'.repeat(12_000)}urrrdrr`);
    expect(bulk.report(id, 'two').results).toBe(`${'d'.repeat(12_000)}drrrdrr`);
    expect(failures.map(({ from, to, code }) => [from, to, code])).toEqual([
      [12_001, 12_002, 'ban/protected-address'],
      [12_002, 12_003, 'ban/protected-address'],
      [12_003, 12_004, 'ban/protected-address'],
      [12_005, 12_006, 'ban/too-wide'],
      [12_006, 12_007, 'ban/protected-address'],
    ]);
    const expected = [...addressesOf(12_000), '203.0.113.128/25', '203.0.113.9'].sort();
    expect(await bannedIn(f2b, 'one')).toEqual(expected);
    expect(await bannedIn(f2b, 'two')).toEqual(expected);
    expect(bulk.originOf('one', '203.0.113.128/25')).toBe('manual');
    expect(bulk.originOf('one', '203.0.113.9')).toBe('selfblock');
  });

  it('are unbanned by exact text: a network does not take what it covers with it', async () => {
    const banned = [...addressesOf(3_000), '203.0.113.0/25', '203.0.113.200'];
    await ended(bulk.begin('ban', ['one'], banned));
    const id = bulk.begin('unban', ['one'], ['2001:db8::/32', '203.0.113.0/25', '192.0.2.1', ...addressesOf(2_990)]);
    await ended(id);
    expect(bulk.report(id, 'one').results).toBe(`udu${'d'.repeat(2_990)}`);
    expect(await bannedIn(f2b, 'one')).toEqual([...addressesOf(10, 2_990), '203.0.113.200'].sort());
  });

  it('stop at once when cancelled, and say what was done and what was not', async () => {
    const list = addressesOf(20_000);
    const id = bulk.begin('ban', ['one', 'two'], list);
    await begun(id);
    bulk.commands.cancel({ jobId: id });
    await ended(id);
    const { results, failures } = bulk.report(id, 'one');
    expect(results).toMatch(/^d+c+$/);
    expect(results).toHaveLength(20_000);
    expect(failures.at(-1)).toMatchObject({ to: 20_000, code: 'bulk/cancelled' });
    expect(bulk.report(id, 'two').results).toBe('c'.repeat(20_000));
    expect(await bannedIn(f2b, 'one')).toEqual(list.slice(0, results.indexOf('c')).sort());
    expect(await bannedIn(f2b, 'two')).toEqual([]);
  });

  it('are cancelled at once also while they wait behind another', async () => {
    const [first, second] = [addressesOf(20_000), addressesOf(5_000, 50_000)];
    const one = bulk.begin('ban', ['one'], first);
    const two = bulk.begin('ban', ['one', 'two'], second);
    await begun(one);
    expect(state(two)).toBe('queued');
    bulk.commands.cancel({ jobId: two });
    await eventually(() => expect(state(two)).toBe('ended'), { everyMs: 2, withinMs: 60_000 });
    expect(state(one)).toBe('running');
    expect(bulk.report(two, 'one').results).toBe('c'.repeat(5_000));
    expect(bulk.report(two, 'two').results).toBe('c'.repeat(5_000));
    bulk.commands.cancel({ jobId: one });
    await ended(one);
  });

  it('wait while fail2ban restarts, and leave nothing out', async () => {
    const list = addressesOf(12_000);
    const id = bulk.begin('ban', ['one'], list);
    await begun(id);
    await f2b.kill();
    await eventually(() => expect(bulk.report(id, 'one').state).toBe('paused'), { withinMs: 30_000 });
    await f2b.start();
    await ended(id);
    expect(bulk.report(id, 'one').results).toBe('d'.repeat(12_000));
    expect(await bannedIn(f2b, 'one')).toEqual([...list].sort());
  });

  it('fail for the rest when the jail stops, and go on in the next jail', async () => {
    const list = addressesOf(12_000);
    const id = bulk.begin('ban', ['one', 'two'], list);
    await begun(id);
    await f2b.client('stop', 'one');
    await ended(id);
    const { results, failures } = bulk.report(id, 'one');
    expect(results).toMatch(/^d+f+$/);
    expect(failures.at(-1)).toMatchObject({ to: 12_000, code: 'jail/unknown' });
    expect(await bannedIn(f2b, 'two')).toEqual([...list].sort());
  });

  it('end when the host no longer allows bans', async () => {
    const id = bulk.begin('ban', ['one'], addressesOf(12_000));
    await begun(id);
    bulk.allow('read');
    await ended(id);
    const { results, failures } = bulk.report(id, 'one');
    expect(results).toMatch(/^d+f+$/);
    expect(failures.at(-1)).toMatchObject({ code: 'agent/policy-denied' });
  });

  it('say of what fail2ban was told last, and never answered for, what became of it', async () => {
    const list = addressesOf(3_000);
    const id = bulk.begin('ban', ['one'], list, false);
    await f2b.client('set', 'one', 'banip', ...list.slice(0, 3));
    // As a process leaves it that dies while fail2ban works, after somebody cancelled.
    bulk.store.start(id);
    bulk.store.setFlight(id, 'one', 0, 5);
    bulk.store.setState(id, 'cancelling');
    bulk.runner.wake();
    await ended(id);
    expect(bulk.report(id, 'one').results).toBe(`dddcc${'c'.repeat(2_995)}`);
  });

  it('do not take for undone what fail2ban cannot be asked about', async () => {
    const id = bulk.begin('unban', ['one'], addressesOf(10), false);
    await f2b.kill();
    bulk.store.start(id);
    bulk.store.setFlight(id, 'one', 0, 4);
    bulk.store.setState(id, 'cancelling');
    bulk.runner.wake();
    await ended(id);
    const { results, failures } = bulk.report(id, 'one');
    expect(results).toBe('ffffcccccc');
    expect(failures[0]).toMatchObject({ code: 'agent/outcome-unknown' });
  });

  it('last as long as was asked for, also what was banned before; the keeper lifts them on time', async () => {
    const list = addressesOf(3_000);
    await f2b.client('set', 'one', 'banip', ...list.slice(0, 2));
    const second = Math.floor(Date.now() / 1_000);
    await eventually(() => Date.now() > (second + 2) * 1_000);
    const fromMs = Date.now();
    const id = bulk.begin('ban', ['one', 'two'], [...list, '198.51.100.7'], true, 3_600);
    await ended(id);
    expect(bulk.report(id, 'one').results).toMatch(/^uud+r$/);
    const timed = bulk.timedBans.all();
    expect(timed).toHaveLength(6_000);
    for (const { jail, untilMs, endsMs, origin } of timed) {
      expect(origin).toBe('manual');
      expect(untilMs).toBeGreaterThanOrEqual(fromMs + 3_600_000);
      expect(untilMs).toBeLessThanOrEqual(Date.now() + 3_600_000);
      // Known without a question for each: the jail would keep them for longer.
      if (jail === 'two') expect(endsMs).toBeNull();
      else expect(endsMs).toBeGreaterThanOrEqual(fromMs + 86_400_000);
    }
    await bulk.timed.exclusively(() => {
      bulk.timedBans.putAll(timed.filter(({ jail }) => jail === 'one').map((ban) => ({ ...ban, untilMs: Date.now() })));
      return Promise.resolve();
    });
    bulk.timed.start();
    await eventually(async () => expect(await bannedIn(f2b, 'one')).toEqual([]), { withinMs: 120_000 });
    await eventually(() => expect(bulk.timedBans.all()).toHaveLength(3_000), { withinMs: 60_000 });
    expect(await bannedIn(f2b, 'two')).toHaveLength(3_000);
  });

  it('keep what was done when cancelled, for the time that was asked for, and nothing else', async () => {
    const list = addressesOf(20_000);
    bulk.timed.start();
    const id = bulk.begin('ban', ['one'], list, true, 86_400 * 30);
    await begun(id);
    bulk.commands.cancel({ jobId: id });
    await ended(id);
    const done = list.slice(0, bulk.report(id, 'one').results.indexOf('c')).sort();
    expect(await bannedIn(f2b, 'one')).toEqual(done);
    expect(bulk.timedBans.all().map(({ address }) => address)).toEqual(done);
  });

  it('leave no pledge of what fail2ban was told last when it did not do it', async () => {
    const list = addressesOf(3_000);
    const id = bulk.begin('ban', ['one'], list, false, 3_600);
    await f2b.client('set', 'one', 'banip', ...list.slice(0, 3));
    const fromMs = Date.now();
    for (const address of list.slice(0, 5))
      bulk.timedBans.put({ jail: 'one', address, fromMs, untilMs: fromMs + 3_600_000, endsMs: 0, origin: 'manual' });
    bulk.store.start(id);
    bulk.store.setFlight(id, 'one', 0, 5);
    bulk.store.setState(id, 'cancelling');
    bulk.runner.wake();
    await ended(id);
    expect(bulk.report(id, 'one').results).toBe(`dddcc${'c'.repeat(2_995)}`);
    expect(bulk.timedBans.all().map(({ address }) => address)).toEqual(list.slice(0, 3).sort());
  });

  it('are made again by the keeper when fail2ban restarts in between', async () => {
    const list = addressesOf(12_000);
    bulk.timed.start();
    const id = bulk.begin('ban', ['one'], list, true, 7_200);
    await begun(id);
    await f2b.kill();
    await eventually(() => expect(bulk.report(id, 'one').state).toBe('paused'), { withinMs: 30_000 });
    await f2b.start();
    await ended(id);
    expect(bulk.report(id, 'one').results).toBe('d'.repeat(12_000));
    await eventually(async () => expect(await bannedIn(f2b, 'one')).toEqual([...list].sort()), { withinMs: 120_000 });
    expect(bulk.timedBans.all()).toHaveLength(12_000);
  });

  it('lift timed bans for good', async () => {
    const [first = '', second = ''] = addressesOf(2);
    await f2b.client('set', 'one', 'banip', first, second);
    for (const jail of ['one', 'two'])
      bulk.timedBans.put({ jail, address: first, fromMs: Date.now(), untilMs: null, endsMs: null, origin: 'manual' });
    await ended(bulk.begin('unban', ['one'], [first, second]));
    expect(await bannedIn(f2b, 'one')).toEqual([]);
    expect(bulk.timedBans.all().map(({ jail }) => jail)).toEqual(['two']);
  });

  /** Gives a jail an action with such commands; what they say is looked at, what they do is nothing. */
  const giveAction = async (jail: string, start: string, ban: string): Promise<void> => {
    await f2b.client('set', jail, 'addaction', 'wall');
    await f2b.client('set', jail, 'action', 'wall', 'actionstart', `true # ${start}`);
    await f2b.client('set', jail, 'action', 'wall', 'actionban', `true # ${ban}`);
  };

  it('ban networks only where the action takes them: fail2ban would say so all the same', async () => {
    await giveAction('one', 'nft add set inet f2b set { type ipv4_addr; }', 'nft add element inet f2b set { <ip> }');
    const id = bulk.begin('ban', ['one', 'two'], ['203.0.113.1', '203.0.113.128/25', '2001:db8:1::/64']);
    await ended(id);
    expect(bulk.report(id, 'one').results).toBe('drr');
    expect(bulk.report(id, 'one').failures[0]).toMatchObject({ code: 'ban/network-not-taken' });
    expect(bulk.report(id, 'two').results).toBe('ddd');
    expect(await bannedIn(f2b, 'one')).toEqual(['203.0.113.1']);
  });

  it('make room for networks where the firewall takes nothing that overlaps, once', async () => {
    await giveAction('one', 'nft add set x { flags interval; }', 'nft add element x { <ip> }');
    await f2b.client('set', 'one', 'banip', '203.0.113.1', '2001:db8:5::1');
    const list = ['2001:db8:5::2', '2001:db8:5::3', '203.0.113.0/28', '2001:db8:5::/64'];
    await ended(bulk.begin('ban', ['one'], list));
    const expected = ['2001:db8:5::/64', '2001:db8:5::2', '2001:db8:5::3', '203.0.113.0/28'];
    expect(await bannedIn(f2b, 'one')).toEqual(expected);
    const again = bulk.begin('ban', ['one'], list);
    await ended(again);
    expect(bulk.report(again, 'one').results).toBe('uuuu');
    expect(await bannedIn(f2b, 'one')).toEqual(expected);
  });

  it('are refused when parts are missing', () => {
    const jobId = '0b1f7a54-4ab5-4f0a-9f2f-6f4f30c7f0aa';
    bulk.commands.begin({ jobId, direction: 'ban', jails: ['one'], entries: 2_001, lifeSeconds: 60 });
    expect(() => bulk.commands.addChunk({ jobId, index: 0, addresses: addressesOf(5) })).toThrow(/2000/);
    bulk.commands.addChunk({ jobId, index: 1, addresses: addressesOf(1) });
    expect(() => bulk.commands.start({ jobId })).toThrow(/Only 1 of 2001/);
    expect(() => bulk.commands.start({ jobId: '1b1f7a54-4ab5-4f0a-9f2f-6f4f30c7f0aa' })).toThrow(/no such list/);
  });
});
