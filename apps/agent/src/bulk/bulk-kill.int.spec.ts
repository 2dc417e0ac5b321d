import { randomUUID } from 'node:crypto';
import { BULK_CHUNK_SIZE, type BulkReport } from '@bailiff/contracts/agent';
import { eventually, startFail2ban, type Fail2banInstance } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addressesOf, readReports } from '../../test/bulk-fixture.spec.js';
import { buildAgent, TestAgent } from '../../test/test-agent.spec.js';
import { TestGateway } from '../../test/test-gateway.spec.js';

beforeAll(buildAgent, 300_000);

describe('a list on an agent that is killed', () => {
  let f2b: Fail2banInstance;
  let gateway: TestGateway;
  let agent: TestAgent;

  beforeAll(async () => {
    // An action that costs something, so that there is a middle to be killed in.
    f2b = await startFail2ban({ jails: { one: { bantime: 86_400, action: '' } } });
    gateway = await TestGateway.start();
    agent = await TestAgent.for(f2b);
    await agent.cli(['enrol', gateway.url, '--token-file', '-'], gateway.createToken());
    await agent.start();
    await eventually(() => expect(gateway.status?.reachable).toBe(true), { withinMs: 30_000 });
  });
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
    await f2b[Symbol.asyncDispose]();
  });

  const begin = async (direction: 'ban' | 'unban', list: readonly string[]): Promise<string> => {
    const jobId = randomUUID();
    await gateway.call('bulk.begin', { jobId, direction, jails: ['one'], entries: list.length, lifeSeconds: 3_600 });
    for (let index = 0; index * BULK_CHUNK_SIZE < list.length; index += 1) {
      const addresses = list.slice(index * BULK_CHUNK_SIZE, (index + 1) * BULK_CHUNK_SIZE);
      await gateway.call('bulk.chunk', { jobId, index, addresses });
    }
    await gateway.call('bulk.start', { jobId });
    return jobId;
  };
  const report = async (jobId: string, from = 0): Promise<BulkReport> =>
    (await gateway.call('bulk.report', { jobId, jail: 'one', from })) as BulkReport;
  const resultsOf = async (jobId: string): Promise<string> => {
    const parts: BulkReport[] = [];
    for (let from = 0; ;) {
      const part = await report(jobId, from);
      if (part.results === '') break;
      parts.push(part);
      from += part.results.length;
    }
    return readReports((from) => {
      const part = parts.find((one) => one.from === from);
      return part ?? { state: 'ended', detail: null, from, results: '', failures: [] };
    }).results;
  };
  const banned = async (): Promise<string[]> =>
    (await f2b.client('get', 'one', 'banip'))
      .split(/\s+/)
      .filter((id) => id !== '')
      .sort();
  const killInTheMiddle = async (jobId: string, beyond: number): Promise<void> => {
    await eventually(async () => expect((await report(jobId)).results.length).toBeGreaterThan(beyond), {
      withinMs: 120_000,
      everyMs: 10,
      what: 'the list to be under way',
    });
    await agent.kill();
    await agent.start();
    await eventually(async () => expect(await gateway.call('host.ping')).toEqual({ pong: true }), { withinMs: 60_000 });
  };
  const ended = (jobId: string) =>
    eventually(async () => expect((await report(jobId)).state).toBe('ended'), { withinMs: 150_000, everyMs: 200 });

  it('is carried on where it was: fail2ban bans exactly what was asked for', async () => {
    const list = addressesOf(20_000);
    const id = await begin('ban', list);
    await killInTheMiddle(id, 0);
    await killInTheMiddle(id, 3_000);
    await ended(id);
    expect(await resultsOf(id)).toBe('d'.repeat(20_000));
    expect(await banned()).toEqual([...list].sort());
  });

  it('is labelled as asked for, every single ban', async () => {
    await eventually(() => expect(gateway.named('ban')).toHaveLength(20_000), { withinMs: 150_000, everyMs: 500 });
    const others = [...gateway.archive.values()].filter(({ kind, origin }) => kind === 'ban' && origin !== 'manual');
    expect(others).toEqual([]);
  });

  it('is lifted again likewise', async () => {
    const list = addressesOf(15_000);
    const id = await begin('unban', list);
    await killInTheMiddle(id, 500);
    await ended(id);
    expect(await resultsOf(id)).toBe('d'.repeat(15_000));
    expect(await banned()).toEqual(addressesOf(5_000, 15_000).sort());
  });

  it('can be told twice without harm', async () => {
    const list = addressesOf(10);
    const id = await begin('ban', list);
    await ended(id);
    await gateway.call('bulk.begin', {
      jobId: id,
      direction: 'unban',
      jails: ['one'],
      entries: 10,
      lifeSeconds: 3_600,
    });
    await gateway.call('bulk.chunk', { jobId: id, index: 0, addresses: list });
    await gateway.call('bulk.start', { jobId: id });
    expect(await report(id)).toMatchObject({ state: 'ended', results: 'd'.repeat(10) });
    expect(await banned()).toEqual(expect.arrayContaining(list));
  });
});
