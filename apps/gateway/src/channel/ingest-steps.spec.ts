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

  it('keeps the tickets beside one that is not valid: what is acknowledged never comes again', () => {
    const more = { ...ban, address: '192.0.2.2', matches: ['a line'] };
    const odd = [{ ...ban, kind: 'observed' }, { ...ban, jail: 'x'.repeat(300) }, null, 'ban', [ban]];
    const { steps, faults } = checkBatch(batch({ kind: 'tickets', body: { tickets: [ban, ...odd, more] } }));
    const [step] = steps;
    expect(step?.type === 'tickets' && step.tickets.map(({ address }) => address)).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(faults).toEqual([expect.stringMatching(/^5 of 7 tickets left out: tickets\.1\./)]);
  });

  it('keeps nothing of a list that is too long', () => {
    const { steps, faults } = checkBatch(batch({ kind: 'tickets', body: { tickets: Array(501).fill(ban) } }));
    expect([steps, faults.length]).toEqual([[], 1]);
  });

  it('keeps the known jails of a fail2ban that cannot be reached', () => {
    const status = { kind: 'host.status', body: { atMs: 5, reachable: false, jails: [] } };
    const [step] = checkBatch(batch(status)).steps;
    expect(step?.type === 'status' && step.status.jails).toBe(undefined);
  });
});
