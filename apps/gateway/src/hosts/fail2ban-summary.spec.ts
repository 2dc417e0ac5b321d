import type { HostStatusEvent } from '@bailiff/contracts/agent';
import { describe, expect, it } from '@jest/globals';
import { fleetStatus, summarise } from './fail2ban-summary.js';

const report: HostStatusEvent = {
  atMs: 0,
  reachable: true,
  version: '1.0.2',
  jails: [
    { name: 'sshd', status: 'running', currentlyBanned: 2, totalBanned: 5, currentlyFailed: 1, totalFailed: 40 },
    { name: 'nginx', status: 'idle', currentlyBanned: 1, totalBanned: 1, currentlyFailed: 0, totalFailed: 3 },
    { name: 'postfix', status: 'inactive', totalBanned: 100 },
  ],
};

describe(summarise, () => {
  it('sums the jails that run', () => {
    expect(summarise(report)).toEqual({
      reachable: true,
      reason: null,
      version: '1.0.2',
      activeJails: 2,
      currentlyBanned: 3,
      totalBanned: 6,
      currentlyFailed: 1,
      totalFailed: 43,
    });
  });
});

describe(fleetStatus, () => {
  it('adds up the hosts, names each version once and the oldest report', () => {
    const fail2ban = summarise(report);
    const status = fleetStatus(
      [
        { isOnline: true, fail2ban, statusAtMs: 2_000 },
        { isOnline: false, fail2ban: { ...fail2ban, version: '1.1.0' }, statusAtMs: 1_000 },
        { isOnline: true, fail2ban, statusAtMs: 3_000 },
        { isOnline: false, fail2ban: null, statusAtMs: null },
      ],
      7,
    );
    expect(status).toMatchObject({
      hosts: { total: 4, online: 2 },
      fail2banVersions: ['1.0.2', '1.1.0'],
      activeJails: 6,
      currentlyBanned: 7,
      totalFailed: 129,
      statusAt: '1970-01-01T00:00:01.000Z',
    });
  });

  it('has no time without a report', () => {
    expect(fleetStatus([], 0).statusAt).toBe(null);
  });
});
