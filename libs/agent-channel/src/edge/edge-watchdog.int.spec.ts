import { connect, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { eventually, startRedis } from '@bailiff/testing';
import { attackedAclLines, edgeArgs, EdgeFixture } from '../../test/edge-fixture.js';
import type { TestAgent } from '../../test/channel-fixture.js';
import { EdgeWatchdog } from './edge-watchdog.js';

const MIB = 1024 * 1024;

/** A compromised agent's own connection: speaks RESP past any limit of ours. */
async function rawConnection(port: number, user: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  let said = '';
  socket.on('data', (data) => (said = (said + data.toString('latin1')).slice(-64)));
  socket.write(command(['AUTH', user, user]));
  await eventually(() => said.startsWith('+OK'));
  return socket;
}

const command = (words: readonly string[]): Buffer =>
  Buffer.from(`*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`, 'latin1');

/** Appends one entry of many fields, as large as Redis will take. */
async function addHugeEntry(socket: Socket, agentId: string, mebibytes: number): Promise<void> {
  const field = 'x'.repeat(512 * 1024);
  const fields = Array.from({ length: mebibytes }, (_, i) => [`f${i}`, field, `g${i}`, field]).flat();
  const bytes = command(['XADD', `bailiff:{${agentId}}:out`, '*', ...fields]);
  await new Promise((resolve) => socket.write(bytes, resolve));
}

describe('a compromised agent', () => {
  async function twoAgents(args: readonly string[] = []) {
    const redis = await startRedis({ aclFile: attackedAclLines(), args: [...edgeArgs, ...args] });
    const edge = new EdgeFixture(redis.port);
    const evil = await edge.addAgent();
    const good = await edge.addAgent();
    await edge.startGateway();
    await edge.startAgent(good);
    await edge.startAgent(evil);
    const online = (agent: TestAgent): boolean => edge.gateway.endpoint.isOnline(agent.identity.agentId);
    await eventually(() => online(good) && online(evil));
    const quarantined: string[] = [];
    const watchdog = new EdgeWatchdog({
      url: edge.url('gw'),
      provisioner: edge.provisioner,
      list: () => Promise.resolve([...edge.gateway.agents.keys()]),
      onQuarantine: (agentId) => quarantined.push(agentId),
      everyMs: 50,
    });
    const call = (agent: TestAgent): Promise<unknown> =>
      edge.gateway.endpoint.call(agent.identity.agentId, 'read.status', {}, { ttlMs: 5_000 });
    const dispose = async (): Promise<void> => {
      await watchdog.stop();
      await edge[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    };
    return { redis, edge, evil, good, online, watchdog, quarantined, call, [Symbol.asyncDispose]: dispose };
  }

  it('that adds an entry of 150 MB does not stop the reader; the watchdog locks it out; others go on', async () => {
    await using all = await twoAgents();
    const { edge, evil, good, watchdog, quarantined } = all;
    const evilId = evil.identity.agentId;
    const socket = await rawConnection(all.redis.port, `ag-${evilId}`);
    await addHugeEntry(socket, evilId, 150);
    await eventually(() => edge.gateway.alarmCodes(evilId).includes('unreadable'), { withinMs: 20_000 });
    expect(await all.call(good)).toEqual({ echo: {} });
    await watchdog.start();
    await eventually(() => quarantined.includes(evilId));
    expect(quarantined).toEqual([evilId]);
    expect(await all.call(good)).toEqual({ echo: {} });
    socket.destroy();
  });

  it('that fills Redis is locked out, the next command works, and released it comes back by itself', async () => {
    await using all = await twoAgents(['--maxmemory', '48mb']);
    const { edge, evil, good, watchdog, quarantined } = all;
    const evilId = evil.identity.agentId;
    const socket = await rawConnection(all.redis.port, `ag-${evilId}`);
    let refused = '';
    socket.on('data', (data) => (refused += data.toString('latin1')));
    const entry = command(['XADD', `bailiff:{${evilId}}:out`, '*', 'm', 'x'.repeat(MIB / 2)]);
    await eventually(
      async () => {
        await new Promise((resolve) => socket.write(entry, resolve));
        return refused.includes('OOM');
      },
      { everyMs: 1, withinMs: 30_000, what: 'Redis to be full' },
    );
    await watchdog.start();
    await eventually(() => quarantined.includes(evilId), { withinMs: 20_000 });
    await eventually(() => all.online(good), { withinMs: 20_000 });
    expect(await eventually(() => all.call(good))).toEqual({ echo: {} });
    await eventually(() => !all.online(evil));
    socket.destroy();
    await watchdog.stop();
    await edge.provisioner.release(evilId);
    await eventually(() => all.online(evil), { withinMs: 40_000, what: 'the released agent to be online' });
    expect(await all.call(evil)).toEqual({ echo: {} });
  });

  it('that hides large entries behind small ones is found all the same', async () => {
    await using all = await twoAgents();
    const { edge, evil, quarantined } = all;
    const evilId = evil.identity.agentId;
    const seen: string[] = [];
    const watchdog = new EdgeWatchdog({
      url: edge.url('gw'),
      provisioner: edge.provisioner,
      list: () => Promise.resolve([evilId]),
      onQuarantine: (agentId) => seen.push(agentId),
      limitBytes: 4 * MIB,
      everyMs: 60_000,
    });
    await watchdog.start();
    const socket = await rawConnection(all.redis.port, `ag-${evilId}`);
    const key = `bailiff:{${evilId}}:out`;
    const add = (bytes: number): Buffer => command(['XADD', key, '*', 'm', 'x'.repeat(bytes)]);
    const sizes = [...Array.from({ length: 2_000 }, () => 1), ...Array.from({ length: 10 }, () => MIB / 2)];
    for (const size of [...sizes, ...Array.from({ length: 2_000 }, () => 1)]) socket.write(add(size));
    await eventually(async () => {
      await watchdog.check();
      return seen.length > 0;
    });
    expect(seen).toEqual([evilId]);
    expect(quarantined).toEqual([]);
    await watchdog.stop();
    socket.destroy();
  });

  it('that puts its stream at the end of time is noticed, and the stream begins anew', async () => {
    await using all = await twoAgents();
    const { edge, evil } = all;
    const evilId = evil.identity.agentId;
    const socket = await rawConnection(all.redis.port, `ag-${evilId}`);
    socket.write(command(['XADD', `bailiff:{${evilId}}:out`, '18446744073709551615-18446744073709551615', 'm', 'x']));
    await eventually(() => edge.gateway.alarmCodes(evilId).includes('bad_position'));
    expect(await eventually(() => all.call(evil), { withinMs: 20_000 })).toEqual({ echo: {} });
    socket.destroy();
  });

  it('that trims its own stream is found by the numbers', async () => {
    await using all = await twoAgents();
    const { edge, evil } = all;
    const evilId = evil.identity.agentId;
    const socket = await rawConnection(all.redis.port, `ag-${evilId}`);
    // In one packet with its own honest-looking traffic: what is cut before the reader came is missing in the count.
    let isCut = false;
    await eventually(() => {
      void evil.endpoint?.sendEvent('ban', {}).catch(() => undefined);
      socket.write(command(['XADD', `bailiff:{${evilId}}:out`, 'MAXLEN', '0', '*', 'm', 'x']));
      isCut ||= edge.gateway.alarmCodes(evilId).includes('gap');
      return isCut;
    });
    expect(edge.gateway.alarmCodes(evilId)).toContain('gap');
    socket.destroy();
  });
});
