import { eventually } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import { LiveProbe } from '../../test/live-probe.spec.js';

/** A file of its own: one process has one logger. */
describe('console_log outside debug mode', () => {
  let fleet: FleetHarness;
  const written: string[] = [];
  beforeAll(async () => {
    fleet = await FleetHarness.start({ level: 'info', to: { write: (line) => void written.push(line) } });
  });
  afterAll(() => fleet.disposeParts());

  it('is not sent, not even to administrators, though there is a log', async () => {
    using admin = await new LiveProbe(fleet.baseUrl, fleet.browserHeaders()).ready();
    await fleet.request('GET', '/api/v1/session', undefined, fleet.browserHeaders());
    await eventually(() => written.some((line) => line.includes('/api/v1/session')), { what: 'the line' });
    // What waits to be sent is sent before the connections are closed.
    await fleet.stopGateway();
    await admin.closed();
    expect(admin.of('console_log')).toEqual([]);
  });
});
