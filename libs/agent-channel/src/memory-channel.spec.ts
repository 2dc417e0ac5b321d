import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@bailiff/testing';
import { TestAgent, TestGateway } from '../test/channel-fixture.js';
import { CommandError, memoryTransport, type MemoryWire } from './index.js';

describe('GatewayEndpoint and AgentEndpoint on one wire', () => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });

  async function connected(): Promise<{ gateway: TestGateway; agent: TestAgent; id: string; wire: MemoryWire }> {
    const gateway = new TestGateway();
    const agent = gateway.addAgent();
    const id = agent.identity.agentId;
    const { wire, gateway: gatewayEnd } = memoryTransport();
    cleanups.push(() => gateway.stop());
    await gateway.start(gatewayEnd);
    await agent.start(wire.agent(id));
    await eventually(() => gateway.endpoint.isOnline(id));
    return { wire, gateway, agent, id };
  }

  it('answers a call with the result of the command', async () => {
    const { gateway, agent, id } = await connected();
    expect(await gateway.endpoint.call(id, 'read.status', { jail: 'sshd' }, { correlationId: 'c-1' })).toEqual({
      echo: { jail: 'sshd' },
    });
    expect(agent.ran).toEqual([
      { id: expect.any(String), cmd: 'read.status', args: { jail: 'sshd' }, correlationId: 'c-1' },
    ]);
  });

  it('carries the agent’s own error code to the caller', async () => {
    const { gateway, agent, id } = await connected();
    agent.run = () => Promise.reject(new CommandError('jail/unknown', 'No jail named "x"', 'user', { jail: 'x' }));
    await expect(gateway.endpoint.call(id, 'read.status', {})).rejects.toMatchObject({
      code: 'jail/unknown',
      kind: 'user',
      detail: 'No jail named "x"',
      data: { jail: 'x' },
    });
  });

  it('carries arguments and results far larger than one message', async () => {
    const { gateway, id } = await connected();
    const big = 'ü'.repeat(2_000_000);
    expect(await gateway.endpoint.call(id, 'read.file', { big })).toEqual({ echo: { big } });
  });

  it('stores events in order and acknowledges them only afterwards', async () => {
    const { gateway, agent, id } = await connected();
    const { endpoint } = agent;
    if (endpoint === undefined) throw new Error('no agent');
    let release: (() => void) | undefined;
    gateway.beforeStore = (batch) =>
      batch.events.length === 0 ? Promise.resolve() : new Promise((resolve) => (release = resolve));
    const seqs = await Promise.all([1, 2, 3].map((n) => endpoint.sendEvent('ban', { n })));
    await eventually(() => release !== undefined, { what: 'the events to reach the database' });
    expect(agent.acks.some((ack) => ack.seq >= (seqs[0] ?? 0))).toBe(false);
    await eventually(() => {
      release?.();
      return agent.acks.some((ack) => ack.seq >= (seqs[2] ?? Infinity));
    });
    expect(gateway.events(id).map((event) => event.body)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });
});
