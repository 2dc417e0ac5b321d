import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { eventually, freePort, startRedis } from '@bailiff/testing';
import { attackedAclLines, edgeArgs, EdgeFixture } from '../../test/edge-fixture.js';
import { TestOutbox } from '../../test/test-outbox.js';
import { AclProvisioner } from '../edge/acl-provisioner.js';
import { streamsAgentTransport } from './streams-agent-transport.js';
import { streamsGatewayTransport } from './streams-gateway-transport.js';

it('keeps forty agents apart: each call and each event is one agent’s own', async () => {
  await using redis = await startRedis({ aclFile: attackedAclLines(), args: edgeArgs });
  await using edge = new EdgeFixture(redis.port);
  const { gateway } = edge;
  await edge.startGateway();
  const outboxes = new Map<string, TestOutbox>();
  for (let i = 0; i < 40; i += 1) {
    const agent = await edge.addAgent();
    const { agentId } = agent.identity;
    agent.run = ({ args }) => Promise.resolve({ agentId, args });
    await edge.startAgent(agent);
    if (agent.endpoint !== undefined) outboxes.set(agentId, new TestOutbox(agent.endpoint));
  }
  const ids = [...outboxes.keys()];
  await gateway.endpoint.refresh();
  await eventually(() => ids.every((id) => gateway.endpoint.isOnline(id)), { withinMs: 20_000 });
  for (const [index, id] of ids.entries()) for (let n = 0; n < 20; n += 1) outboxes.get(id)?.add(index * 1_000 + n);
  const answers = await Promise.all(ids.map((id, n) => gateway.endpoint.call(id, 'ban.add', n, { ttlMs: 20_000 })));
  expect(answers).toEqual(ids.map((agentId, args) => ({ agentId, args })));
  await eventually(() => [...outboxes.values()].every((outbox) => outbox.rows.length === 0), { withinMs: 20_000 });
  for (const [index, id] of ids.entries()) {
    const rows = gateway.events(id).map(({ body }) => (body as { row: number }).row);
    expect(rows).toEqual(Array.from({ length: 20 }, (_, n) => index * 1_000 + n));
  }
  expect(gateway.alarms).toEqual([]);
});

it('speaks TLS to a Redis whose authority it was given, and to no other', async () => {
  const fixtures = join(import.meta.dirname, '../../test/fixtures');
  const file = (name: string): string => join(fixtures, name);
  const tlsPort = await freePort();
  const tls = [
    ...['--tls-port', String(tlsPort), '--tls-protocols', 'TLSv1.3', '--tls-auth-clients', 'no'],
    ...['--tls-cert-file', file('tls-server.pem'), '--tls-key-file', file('tls-server.key')],
    ...['--tls-ca-cert-file', file('tls-ca.pem')],
  ];
  await using redis = await startRedis({ aclFile: attackedAclLines(), args: [...edgeArgs, ...tls] });
  await using edge = new EdgeFixture(redis.port);
  const { gateway } = edge;
  const ca = await readFile(file('tls-ca.pem'), 'utf8');
  const agent = await edge.addAgent();
  const { agentId } = agent.identity;
  const username = `ag-${agentId}`;
  const url = `rediss://127.0.0.1:${tlsPort}`;
  await gateway.start(streamsGatewayTransport({ url, username: 'gw', password: 'gw', ca }));
  await agent.start(streamsAgentTransport({ url, username, password: username, agentId, ca }));
  await eventually(() => gateway.endpoint.isOnline(agentId));
  expect(await gateway.endpoint.call(agentId, 'read.status', {})).toEqual({ echo: {} });
  await agent.endpoint?.stop();

  const credentials = { url, username: 'prov', password: 'prov' };
  const trusting = new AclProvisioner({ ...credentials, ca });
  const distrustful = new AclProvisioner(credentials);
  expect(await trusting.pollAclLog()).toEqual([]);
  const error: unknown = await distrustful.pollAclLog().catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'edge/unreachable', message: expect.stringContaining('certificate') });
  await trusting.close();
  await distrustful.close();
});
