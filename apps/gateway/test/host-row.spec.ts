import type { Host } from '@bailiff/persistence';

/** A host that enrolled and never said anything. */
export function hostRow(overrides: Partial<Host> = {}): Host {
  const id = overrides.id ?? 'aaaaaaaaaaaaaaaa';
  return {
    id,
    agentId: id,
    name: 'web-1',
    hostname: 'web-1.example',
    tags: [],
    state: 'pending',
    isLocal: false,
    signPublicKey: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    sealPublicKey: 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo',
    keyId: 1,
    fingerprint: 'AA:BB',
    redisPasswordSha256: '0'.repeat(64),
    enrolledAtMs: Date.now(),
    lastSeenAtMs: null,
    agentVersion: null,
    fail2banVersion: null,
    socketPath: null,
    policyGroups: [],
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
