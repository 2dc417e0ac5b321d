import type { VerifiedBatch } from '@bailiff/agent-channel';
import { describe, expect, it } from '@jest/globals';
import { checkBatch } from './ingest-steps.js';

const ban = { kind: 'ban', jail: 'sshd', address: '192.0.2.1', atMs: 1_700_000_000_000 };
const batch = (...events: { kind: string; body: unknown }[]): VerifiedBatch => ({
  agentId: '0123456789abcdef',
  session: { sid: 's', boot: 1, seq: events.length + 1, position: '1-1' },
  events: events.map((event, index) => ({ ...event, seq: index + 2, at: 0 })),
  receivedAt: 0,
});

describe(checkBatch, () => {
  it('leaves out what is invalid, tells so, and keeps the rest in order', () => {
    const { steps, faults } = checkBatch(
      batch(
        { kind: 'tickets', body: { tickets: [ban] } },
        { kind: 'tickets', body: { tickets: [{ ...ban, atMs: 'now' }] } },
        { kind: 'host.status', body: { atMs: 5, reachable: false, reason: 'no socket', jails: [] } },
      ),
    );
    expect(steps.map(({ type }) => type)).toEqual(['tickets', 'status']);
    expect(faults).toEqual([expect.stringMatching(/^event 3: tickets\.0\.atMs/)]);
  });

  it('keeps the known jails of a fail2ban that cannot be reached', () => {
    const status = { kind: 'host.status', body: { atMs: 5, reachable: false, jails: [] } };
    const [step] = checkBatch(batch(status)).steps;
    expect(step?.type === 'status' && step.status.jails).toBe(undefined);
  });
});
