import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually, startRedis } from '@bailiff/testing';
import { TestGateway } from '../../test/channel-fixture.js';
import {
  AclProvisioner,
  edgeAclLines,
  passwordSha256,
  streamsAgentTransport,
  streamsGatewayTransport,
} from '../index.js';

const quantile = (sorted: number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;

describe('a call over a real Redis', () => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  it('takes about a millisecond, and a thousand a second go through', async () => {
    const redis = await startRedis({
      aclFile: edgeAclLines({
        gatewayPasswordSha256: passwordSha256('g'),
        provisionerPasswordSha256: passwordSha256('p'),
      }),
    });
    cleanups.push(() => redis[Symbol.asyncDispose]());
    const at = (user: string, password: string): string => `redis://${user}:${password}@127.0.0.1:${redis.port}`;
    const provisioner = new AclProvisioner({ url: at('prov', 'p') });
    cleanups.push(() => provisioner.close());
    const gateway = new TestGateway();
    const agent = gateway.addAgent();
    const { agentId } = agent.identity;
    await provisioner.provision(agentId, passwordSha256('a'));
    cleanups.push(() => gateway.stop());
    await gateway.start(streamsGatewayTransport({ url: at('gw', 'g') }));
    await agent.start(streamsAgentTransport({ url: redis.url, username: `ag-${agentId}`, password: 'a', agentId }));
    await eventually(() => gateway.endpoint.isOnline(agentId));

    const times: number[] = [];
    for (let i = 0; i < 2_000; i += 1) {
      const began = performance.now();
      await gateway.endpoint.call(agentId, 'ban.add', { i });
      if (i >= 500) times.push(performance.now() - began);
    }
    times.sort((a, b) => a - b);
    const total = 5_000;
    let left = total;
    const began = performance.now();
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        while (left > 0) {
          left -= 1;
          await gateway.endpoint.call(agentId, 'ban.add', { left });
        }
      }),
    );
    const perSecond = Math.round(total / ((performance.now() - began) / 1000));
    const p50 = quantile(times, 0.5);
    const p99 = quantile(times, 0.99);
    console.log(JSON.stringify({ p50Ms: p50.toFixed(2), p99Ms: p99.toFixed(2), perSecond }));
    expect(gateway.alarms).toEqual([]);
    expect(agent.refusals).toEqual([]);
  }, 60_000);
});
