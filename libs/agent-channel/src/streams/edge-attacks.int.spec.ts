import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, type RedisInstance, startRedis } from '@bailiff/testing';
import { Redis } from 'ioredis';
import type { TestAgent } from '../../test/channel-fixture.js';
import { attackedAclLines, edgeArgs, EdgeFixture } from '../../test/edge-fixture.js';
import { TestOutbox } from '../../test/test-outbox.js';
import { commandKey, outKey } from './stream-keys.js';

/** The threat table's rows about Redis itself, with an administrator of a real Redis as the attacker. */
describe('an attacker who owns Redis', () => {
  let redis: RedisInstance;
  let edge: EdgeFixture;
  let root: Redis;
  let agent: TestAgent;
  let id: string;
  let outbox: TestOutbox;

  beforeEach(async () => {
    redis = await startRedis({
      aclFile: attackedAclLines(),
      args: [...edgeArgs, '--appendfsync', 'always'],
      persistent: true,
    });
    edge = new EdgeFixture(redis.port);
    root = new Redis(edge.url('root'), { disconnectTimeout: 100 });
    agent = await edge.addAgent();
    id = agent.identity.agentId;
    await edge.startGateway();
    await edge.startAgent(agent);
    if (agent.endpoint === undefined) throw new Error('no agent');
    outbox = new TestOutbox(agent.endpoint);
    await online(agent);
  });
  afterEach(async () => {
    root.disconnect();
    await edge[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  const online = (who: TestAgent): Promise<unknown> =>
    eventually(() => edge.gateway.endpoint.isOnline(who.identity.agentId), { what: 'the agent to be online' });
  const call = (cmd: string, args: unknown = {}): Promise<unknown> => edge.gateway.endpoint.call(id, cmd, args);
  const alarms = (): string[] => edge.gateway.alarmCodes(id);
  const rows = (): unknown[] => edge.gateway.events(id).map(({ body }) => body);
  const stored = (): Promise<unknown> =>
    eventually(() => outbox.rows.length === 0, { what: 'every event to be stored' });

  /** Raw bytes of every entry of a stream, with ids. */
  async function entries(key: string): Promise<{ id: string; bytes: Buffer }[]> {
    const reply = await root.xrangeBuffer(key, '-', '+');
    return reply.map(([entryId, [, bytes = Buffer.alloc(0)]]) => ({ id: entryId.toString(), bytes }));
  }
  async function lastEntry(key: string): Promise<{ id: string; bytes: Buffer }> {
    const last = (await entries(key)).at(-1);
    if (last === undefined) throw new Error(`${key} is empty`);
    return last;
  }
  const append = (key: string, bytes: Buffer): Promise<unknown> => root.xadd(key, '*', 'm', bytes);
  /** Bytes of the entry that carried the last event added to the outbox. */
  async function eventBytes(row: number): Promise<Buffer> {
    outbox.add(row);
    await stored();
    // The hello stands first and is large as well; nothing else comes near the padding of a row.
    const [, ...later] = (await entries(outKey(id))).map(({ bytes }) => bytes);
    const [heaviest] = later.sort((a, b) => b.length - a.length);
    if (heaviest === undefined) throw new Error('no event was written');
    return heaviest;
  }

  it('cannot pass one agent’s event off as another’s', async () => {
    const other = (await edge.addAgent()).identity.agentId;
    await edge.gateway.endpoint.refresh();
    await append(outKey(other), await eventBytes(1));
    await eventually(() => edge.gateway.alarmCodes(other).includes('bad_seal'));
    expect(edge.gateway.events(other)).toEqual([]);
  });

  it('cannot replay the whole command stream, before or after a restart of the agent', async () => {
    for (let i = 0; i < 3; i += 1) await call('ban.add', { i });
    const old = await entries(commandKey(id));
    for (const { bytes } of old) await append(commandKey(id), bytes);
    await eventually(() => agent.refusalCodes.filter((code) => code === 'replay').length >= 3);
    await agent.endpoint?.stop();
    await edge.startAgent(agent);
    await eventually(() => agent.endpoint?.isWelcomed === true);
    agent.refusals.length = 0;
    for (const { bytes } of old) await append(commandKey(id), bytes);
    await eventually(() => agent.refusals.length >= old.length);
    expect(new Set(agent.refusalCodes)).toEqual(new Set(['wrong_session']));
    expect(agent.ran).toHaveLength(3);
  });

  it('cannot run a command by flipping bytes of a good one', async () => {
    await call('ban.add', { address: '192.0.2.1' });
    const { bytes } = await lastEntry(commandKey(id));
    let sent = 0;
    for (let at = 0; at < bytes.length; at += 10) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      await append(commandKey(id), flipped);
      sent += 1;
    }
    await eventually(() => agent.refusals.length >= sent);
    expect(agent.ran).toHaveLength(1);
  });

  it('cannot replay an event, nor slip in an unsigned one', async () => {
    await append(outKey(id), await eventBytes(1));
    await append(outKey(id), Buffer.from('{"t":"evt","kind":"ban","body":{}}'));
    await root.xadd(outKey(id), '*', 'm', 'x', 'n', 'y');
    await eventually(() => alarms().length >= 3);
    expect(alarms()).toEqual(['replay', 'bad_header', 'garbage']);
    expect(rows()).toEqual([{ row: 1 }]);
  });

  it.each(['from the middle', 'from the end'])('cannot delete an event %s unnoticed', async (where) => {
    // With the gateway away nothing is read: what is deleted now is gone before it was seen.
    await edge.gateway.endpoint.stop();
    outbox.add(1);
    outbox.add(2);
    const before = await eventually(async () => {
      const all = (await entries(outKey(id))).slice(-2);
      return all.length === 2 && outbox.rows.length === 2 && all;
    });
    const target = before[where === 'from the end' ? 1 : 0];
    if (target === undefined) throw new Error('nothing to delete');
    expect(await root.xdel(outKey(id), target.id)).toBe(1);
    await edge.startGateway();
    await stored();
    expect(alarms()).toEqual(['gap']);
    expect(new Set(rows().map((row) => JSON.stringify(row)))).toEqual(new Set(['{"row":1}', '{"row":2}']));
  });

  it('cannot read what is in a message, on the wire, in memory or in the append-only file', async () => {
    const marker = 'marker-of-a-secret-api-token';
    agent.run = () => Promise.resolve({ file: marker.repeat(50) });
    expect(await call('read.config', { marker })).toEqual({ file: marker.repeat(50) });
    await agent.endpoint?.sendEvent('ban', { marker });
    await eventually(() => rows().length === 1);
    const files = await readdir(redis.dir, { recursive: true, withFileTypes: true });
    const contents = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name))),
    );
    expect(contents.some((content) => content.includes('bailiff:{'))).toBe(true);
    for (const content of contents) expect(content.includes('marker-of-a-secret')).toBe(false);
  });

  it('cannot starve other agents by spoiling one stream’s key', async () => {
    const other = await edge.addAgent();
    await edge.gateway.endpoint.refresh();
    await edge.startAgent(other);
    await online(other);
    await root.del(outKey(id));
    await root.set(outKey(id), 'no stream');
    await eventually(() => alarms().includes('unreadable'));
    const { agentId } = other.identity;
    expect(await edge.gateway.endpoint.call(agentId, 'read.status', {})).toEqual({ echo: {} });
  });

  it('cannot bring down an agent with megabyte entries at speed', async () => {
    const garbage = Buffer.alloc(1_000_000, 1);
    for (let i = 0; i < 60; i += 1) await append(commandKey(id), garbage);
    await eventually(() => agent.refusalCodes.filter((code) => code === 'oversize').length >= 60, { withinMs: 30_000 });
    expect(agent.ran).toEqual([]);
    await online(agent);
    expect(await call('read.status')).toEqual({ echo: {} });
  });

  it('cannot keep a revoked agent’s word alive', async () => {
    const bytes = await eventBytes(1);
    edge.gateway.agents.delete(id);
    await edge.provisioner.revoke(id);
    await edge.gateway.endpoint.refresh();
    await eventually(() => agent.endpoint?.isWelcomed === false, { what: 'the live connection to be closed' });
    await append(outKey(id), bytes);
    await expect(call('read.status')).rejects.toMatchObject({ code: 'agent/offline' });
    expect(rows()).toEqual([{ row: 1 }]);
    await agent.endpoint?.stop();
  });

  it('leaves only keys of ours behind, and streams that do not grow with traffic', async () => {
    for (let i = 0; i < 3_000; i += 1) outbox.add(i);
    await stored();
    for (let i = 0; i < 50; i += 1) await call('read.status', { i });
    const length = await eventually(async () => {
      const now = await root.xlen(outKey(id));
      return now < 400 && now;
    });
    expect(length).toBeLessThan(400);
    expect((await root.keys('*')).every((key) => key.startsWith('bailiff:'))).toBe(true);
    expect(alarms()).toEqual([]);
  });
});
