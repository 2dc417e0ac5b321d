import type { Host } from '../src/entities/index.js';
import type { IngestBatch, IngestStep, IngestTicket } from '../src/ingest/ingest-batch.js';

/** 2026-01-01T00:00:00Z. */
export const T0 = 1_767_225_600_000;
export const HOST = 'aaaaaaaaaaaaaaaa';

/** An active host with nothing special about it. */
export function hostRow(overrides: Partial<Host> = {}): Host {
  const id = overrides.id ?? HOST;
  return {
    id,
    agentId: id,
    name: `host ${id.slice(0, 2)}`,
    hostname: 'web-1.example',
    tags: [],
    state: 'active',
    isLocal: false,
    signPublicKey: 'sign',
    sealPublicKey: 'seal',
    keyId: 1,
    fingerprint: 'AA:BB',
    redisPasswordSha256: '00',
    enrolledAtMs: T0,
    lastSeenAtMs: null,
    agentVersion: null,
    fail2banVersion: null,
    socketPath: null,
    policyGroups: ['read', 'ban'],
    clockSkewMs: null,
    status: null,
    statusAtMs: null,
    alarmCount: 0,
    sessionSid: null,
    sessionBoot: 0,
    sessionSeq: 0,
    streamPosition: null,
    snapshotId: null,
    snapshotNextIndex: 0,
    failureNumber: 0,
    ...overrides,
  };
}

/** A batch of one host at {@link T0} plus ten minutes. */
export function batch(steps: readonly IngestStep[], overrides: Partial<IngestBatch> = {}): IngestBatch {
  return {
    hostId: HOST,
    nowMs: T0 + 600_000,
    session: { sid: 's1', boot: 1, seq: 1, position: '1-0' },
    steps,
    ...overrides,
  };
}

/** One step of tickets. */
export function tickets(...list: IngestTicket[]): IngestStep {
  return { type: 'tickets', tickets: list };
}

/** A ban in `sshd` that lasts an hour. */
export function ban(address: string, atMs: number, overrides: Partial<IngestTicket> = {}): IngestTicket {
  return { kind: 'ban', jail: 'sshd', address, atMs, bantimeSeconds: 3600, banCount: 1, failures: 5, ...overrides };
}

export function unban(address: string, atMs: number, overrides: Partial<IngestTicket> = {}): IngestTicket {
  return { kind: 'unban', jail: 'sshd', address, atMs, ...overrides };
}
