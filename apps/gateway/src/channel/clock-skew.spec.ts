import type { VerifiedBatch } from '@bailiff/agent-channel';
import { describe, expect, it } from '@jest/globals';
import { ClockSkew } from './clock-skew.js';

const batch = (part: Partial<VerifiedBatch>): VerifiedBatch => ({
  agentId: '0123456789abcdef',
  session: { sid: 's', boot: 1, seq: 1, position: '1-1' },
  events: [],
  receivedAt: 10_000,
  ...part,
});
const hello = (at: number) =>
  batch({ hello: { at, agentVersion: '1', fail2banVersion: null, hostName: 'h', capabilities: [], fingerprint: 'f' } });
const heartbeat = (at: number) => batch({ heartbeat: { at, load: 0, spool: 0, dropped: 0 } });

describe(ClockSkew, () => {
  it('measures by the hello and ignores how long heartbeats waited', () => {
    const skew = new ClockSkew();
    expect(skew.measure(hello(9_990))).toBe(-10);
    expect(skew.measure(heartbeat(9_400))).toBe(undefined);
    expect(skew.measure(batch({}))).toBe(undefined);
  });

  it('notices a clock that jumps', () => {
    const skew = new ClockSkew();
    skew.measure(hello(10_000));
    expect(skew.measure(heartbeat(70_000))).toBe(60_000);
    expect(skew.measure(heartbeat(69_500))).toBe(undefined);
  });

  it('takes the first heartbeat when the gateway missed the hello', () => {
    expect(new ClockSkew().measure(heartbeat(9_600))).toBe(-400);
  });
});
