import type { HistoryEntry, Page } from '@bailiff/contracts/http';
import { eventually, type SpawnedProcess } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import type { TestAgent } from '../../test/test-agent.spec.js';

const BANS = 1_000;
const KILLS = 6;

/** The built gateway, killed without warning while bans stream in. */
describe('a gateway that is killed', () => {
  let fleet: FleetHarness;
  let agent: TestAgent;
  let gateway: SpawnedProcess | undefined;
  beforeAll(async () => {
    fleet = await FleetHarness.start();
    agent = await fleet.addAgent();
    await fleet.stopGateway();
    gateway = await fleet.startProcess();
  });
  afterAll(async () => {
    await gateway?.kill();
    await agent.stop();
    await fleet.disposeParts();
  });

  const stored = async () => {
    const jails: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page<HistoryEntry> = await fleet.get(
        `/api/v1/history?limit=500&sort=at${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      jails.push(...page.items.map(({ jail }) => jail));
      cursor = page.nextCursor;
    }
    return jails;
  };

  it('has stored every ban exactly once in the end', async () => {
    let sent = 0;
    for (let round = 0; round <= KILLS; round += 1) {
      const until = Math.ceil((BANS * (round + 1)) / (KILLS + 1));
      for (; sent < until; sent += 1) agent.sendTickets({ jail: `jail-${sent}`, address: `198.51.100.${sent % 256}` });
      if (round === KILLS) break;
      // At a different depth into the stream each time: between taking, storing and acknowledging.
      const left = Math.floor(Math.random() * (until / (KILLS + 1)));
      await eventually(() => agent.waiting <= left, { withinMs: 30_000, everyMs: 1, what: 'the moment to kill' });
      await gateway?.kill();
      gateway = await fleet.startProcess();
    }
    await agent.acknowledged();
    const jails = await stored();
    expect(jails).toHaveLength(BANS);
    expect(new Set(jails).size).toBe(BANS);
  });

  it('ends by itself on SIGTERM within ten seconds, also when both Redis are gone', async () => {
    await Promise.all([fleet.edge.kill(), fleet.queue.kill()]);
    expect(await gateway?.stop({ withinMs: 10_000 })).toEqual({ code: 0, signal: null });
  });
});
