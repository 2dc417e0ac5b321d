import { describe, expect, it } from '@jest/globals';
import { eventually, startRedis } from '@bailiff/testing';
import { attackedAclLines, edgeArgs, EdgeFixture } from '../../test/edge-fixture.js';
import { TestOutbox } from '../../test/test-outbox.js';

describe('a Redis that dies', () => {
  it.each([{ persistent: true }, { persistent: false }])(
    'in the middle of traffic costs no event and runs no command twice (%o)',
    async ({ persistent }) => {
      await using redis = await startRedis({ aclFile: attackedAclLines(), args: edgeArgs, persistent });
      await using edge = new EdgeFixture(redis.port);
      const { gateway } = edge;
      const agent = await edge.addAgent();
      const { agentId } = agent.identity;
      await edge.startGateway();
      await edge.startAgent(agent);
      if (agent.endpoint === undefined) throw new Error('no agent');
      const outbox = new TestOutbox(agent.endpoint);
      await eventually(() => gateway.endpoint.isOnline(agentId));

      const total = 3_000;
      let added = 0;
      const outcomes: string[] = [];
      const issued: number[] = [];
      const calls: Promise<void>[] = [];
      for (const kills of [1, 2, 3]) {
        const goal = (total / 3) * kills;
        let isKilled = false;
        const killing = eventually(() => added > goal - 500).then(async () => {
          await redis.kill();
          isKilled = true;
        });
        while (added < goal) {
          outbox.add(added);
          added += 1;
          if (added % 10 === 0) {
            const n = added;
            issued.push(n);
            calls.push(
              gateway.endpoint.call(agentId, 'ban.add', { n }, { ttlMs: 3_000 }).then(
                () => void outcomes.push('done'),
                (error: unknown) => void outcomes.push((error as { code: string }).code),
              ),
            );
          }
          if (added % 25 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        }
        await killing;
        expect(isKilled).toBe(true);
        await redis.start();
        await eventually(() => gateway.endpoint.isOnline(agentId), { withinMs: 20_000 });
      }
      await eventually(() => outbox.rows.length === 0, { withinMs: 30_000, what: 'every event to be stored' });
      await Promise.all(calls);

      const stored = gateway.events(agentId).map(({ body }) => (body as { row: number }).row);
      expect([...new Set(stored)].sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, i) => i));
      const ran = agent.ran.map(({ args }) => (args as { n: number }).n);
      expect(new Set(ran).size).toBe(ran.length);
      // Whoever was told "done" was told the truth, and nobody who was told "not run" was lied to.
      const count = (code: string): number => outcomes.filter((outcome) => outcome === code).length;
      expect(outcomes).toHaveLength(issued.length);
      expect(count('done')).toBeGreaterThan(0);
      expect(ran.length).toBeGreaterThanOrEqual(count('done'));
      expect(ran.length).toBeLessThanOrEqual(count('done') + count('agent/outcome-unknown'));
    },
    90_000,
  );

  it('lets both ends be stopped while it is away', async () => {
    await using redis = await startRedis({ aclFile: attackedAclLines(), args: edgeArgs });
    await using edge = new EdgeFixture(redis.port);
    const agent = await edge.addAgent();
    await edge.startGateway();
    await edge.startAgent(agent);
    await eventually(() => edge.gateway.endpoint.isOnline(agent.identity.agentId));
    await redis.kill();
    await eventually(() => agent.endpoint?.isWelcomed === false);
    await expect(edge.gateway.endpoint.call(agent.identity.agentId, 'read.status', {})).rejects.toMatchObject({
      code: 'agent/channel-down',
    });
  });

  it('is no obstacle to starting: both ends wait for it', async () => {
    await using redis = await startRedis({ aclFile: attackedAclLines(), args: edgeArgs });
    await using edge = new EdgeFixture(redis.port);
    const agent = await edge.addAgent();
    await redis.kill();
    await edge.startGateway();
    await edge.startAgent(agent);
    await redis.start();
    await eventually(() => edge.gateway.endpoint.isOnline(agent.identity.agentId), { withinMs: 20_000 });
  });
});
