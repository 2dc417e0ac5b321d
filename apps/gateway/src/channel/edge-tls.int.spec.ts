import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import type { HistoryEntry, Page } from '@bailiff/contracts/http';
import { eventually } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import { FleetHealth } from './fleet-health.js';

const FOLDER = join(import.meta.dirname, '../../test/tls');

/** The agents' Redis behind a certificate that only an authority of one's own has signed. */
describe('the edge Redis over TLS', () => {
  let fleet: FleetHarness;
  let front: Server;
  let ca: string;
  const versions: (string | null)[] = [];
  beforeAll(async () => {
    fleet = await FleetHarness.start();
    await fleet.stopGateway();
    ca = await readFile(join(FOLDER, 'authority.pem'), 'utf8');
    const [cert, key] = await Promise.all(['server.pem', 'server.key'].map((name) => readFile(join(FOLDER, name))));
    front = createServer({ cert, key }, (socket) => {
      versions.push(socket.getProtocol());
      const redis = connect(fleet.edge.port, '127.0.0.1');
      socket.on('error', () => redis.destroy()).on('close', () => redis.destroy());
      redis.on('error', () => socket.destroy()).on('close', () => socket.destroy());
      socket.pipe(redis).pipe(socket);
    });
    front.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
    front.close();
  });

  const frontUrl = () => `rediss://localhost:${(front.address() as AddressInfo).port}`;
  const becomes = (status: 'ok' | 'down') =>
    eventually(() => {
      expect(
        fleet.app
          .get(FleetHealth)
          .checks()
          .find(({ name }) => name === 'edge')?.status,
      ).toBe(status);
    });

  it('carries commands and events of a host that was told the authority when it enrolled', async () => {
    fleet.edgeFront = { url: frontUrl(), ca };
    await fleet.startGateway();
    await becomes('ok');
    await using agent = await fleet.addAgent();
    expect(agent.enrolled.redis).toMatchObject({ url: frontUrl(), ca });
    agent.sendTickets({ address: '192.0.2.1' });
    await agent.acknowledged();
    const { items } = await fleet.get<Page<HistoryEntry>>(`/api/v1/history?hosts=${agent.id}`);
    expect(items.map(({ address }) => address)).toEqual(['192.0.2.1']);
    expect(new Set(versions)).toEqual(new Set(['TLSv1.3']));
  });

  it('is not spoken to when nobody known has signed its certificate', async () => {
    const before = versions.length;
    await fleet.stopGateway();
    // A certificate that has signed none.
    fleet.edgeFront = { url: frontUrl(), ca: await readFile(join(FOLDER, 'server.pem'), 'utf8') };
    await fleet.startGateway();
    const attempts = new Promise<void>((resolve) => front.once('tlsClientError', () => resolve()));
    await attempts;
    await becomes('down');
    expect(versions.slice(before)).toEqual([]);
  });
});
