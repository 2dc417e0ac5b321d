import { expect, it } from '@jest/globals';
import { eventually, startRedis } from '@bailiff/testing';
import { attackedAclLines, edgeArgs, EdgeFixture } from '../../test/edge-fixture.js';

const quantile = (sorted: number[], q: number): number => sorted[Math.floor(sorted.length * q)] ?? NaN;

it('carries calls one at a time and fifty at once, and says how fast', async () => {
  await using redis = await startRedis({ aclFile: attackedAclLines(), args: edgeArgs });
  await using edge = new EdgeFixture(redis.port);
  const { gateway } = edge;
  const agent = await edge.addAgent();
  const { agentId } = agent.identity;
  await edge.startGateway();
  await edge.startAgent(agent);
  await eventually(() => gateway.endpoint.isOnline(agentId));

  const times: number[] = [];
  for (let i = 0; i < 2_000; i += 1) {
    const began = performance.now();
    expect(await gateway.endpoint.call(agentId, 'ban.add', { i })).toEqual({ echo: { i } });
    if (i >= 500) times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const total = 5_000;
  let left = total;
  const began = performance.now();
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await gateway.endpoint.call(agentId, 'ban.add', { left });
    }
  };
  await Promise.all(Array.from({ length: 50 }, caller));
  const perSecond = Math.round(total / ((performance.now() - began) / 1000));
  const [p50, p99] = [0.5, 0.99].map((q) => quantile(times, q).toFixed(2));
  process.stderr.write(`round trip p50 ${p50 ?? ''} ms, p99 ${p99 ?? ''} ms; 50 in flight: ${perSecond}/s\n`);
  // Figures belong to the benchmark; here it only must not be broken.
  expect(gateway.alarms).toEqual([]);
  expect(agent.refusals).toEqual([]);
});
