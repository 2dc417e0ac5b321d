import type { EnrolmentTokenStatus, HostInfo } from '@bailiff/contracts/http';
import { eventually } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import { TestAgent } from '../../test/test-agent.spec.js';

describe('enrolment of a host', () => {
  let fleet: FleetHarness;
  beforeAll(async () => {
    fleet = await FleetHarness.start();
  }, 60_000);
  afterAll(() => fleet[Symbol.asyncDispose]());

  it('goes from an open token over pending to online with the first signed hello', async () => {
    const { body: token } = await fleet.request<{ id: string; token: string; command: string }>(
      'POST',
      '/api/v1/enrolment-tokens',
    );
    expect(token.command).toBe(`sudo bailiff-agent enrol ${fleet.baseUrl}`);
    const status = () => fleet.get<EnrolmentTokenStatus>(`/api/v1/enrolment-tokens/${token.id}`);
    expect(await status()).toMatchObject({ state: 'open', host: null });
    await using agent = await TestAgent.enrol(fleet.baseUrl, token.token, 'web-7');
    expect(await status()).toMatchObject({ state: 'pending', host: { id: agent.id, state: 'pending', name: 'web-7' } });
    await agent.start();
    await eventually(async () => expect((await status()).host?.state).toBe('online'));
    expect((await status()).state).toBe('enrolled');
    const host = await fleet.get<HostInfo>(`/api/v1/hosts/${agent.id}`);
    expect(host).toMatchObject({ agentVersion: '0.1.0', groups: ['read', 'ban'], alarms: 0 });
    expect(host.fingerprint).toMatch(/^([0-9a-f]{4}-){7}[0-9a-f]{4}$/);
  });

  it('takes a token once, even when twenty ask at the same time', async () => {
    const { body } = await fleet.request<{ token: string }>('POST', '/api/v1/enrolment-tokens');
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => TestAgent.enrol(fleet.baseUrl, body.token)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
