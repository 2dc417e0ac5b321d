import { describe, expect, it } from '@jest/globals';
import { groupLifted, groupTargets, liftedTargets } from './ban-target';

describe(groupTargets.name, () => {
  it('asks for exactly the bans named: never an address in a jail or on a host it was not banned in', () => {
    const groups = groupTargets([
      { hostId: 'a', jail: 'sshd', address: '192.0.2.1' },
      { hostId: 'a', jail: 'sshd', address: '192.0.2.2' },
      { hostId: 'a', jail: 'postfix', address: '192.0.2.1' },
      { hostId: 'b', jail: 'sshd', address: '192.0.2.1' },
      { hostId: 'a', jail: 'sshd', address: '192.0.2.1' },
    ]);
    expect(groups).toEqual([
      { hostId: 'a', jail: 'sshd', addresses: ['192.0.2.1', '192.0.2.2'] },
      { hostId: 'a', jail: 'postfix', addresses: ['192.0.2.1'] },
      { hostId: 'b', jail: 'sshd', addresses: ['192.0.2.1'] },
    ]);
  });

  it('sends no more at once than the API takes', () => {
    const targets = Array.from({ length: 1_201 }, (_, i) => ({
      hostId: 'a',
      jail: 'sshd',
      address: `2001:db8::${i.toString(16)}`,
    }));
    expect(groupTargets(targets).map(({ addresses }) => addresses.length)).toEqual([500, 500, 201]);
  });
});

describe(liftedTargets.name, () => {
  const outcome = { hostId: 'a', address: '192.0.2.1', result: 'unbanned', code: null, detail: null } as const;

  it('knows what each ban had left, in whichever jails it was', () => {
    const lifted = [
      { jail: 'sshd', secondsLeft: 90, reason: 'seen before' },
      { jail: 'postfix', secondsLeft: null, reason: null },
      { jail: 'nginx', secondsLeft: 0, reason: null },
    ];
    expect(liftedTargets([{ ...outcome, jail: null, lifted }])).toEqual([
      { hostId: 'a', jail: 'sshd', address: '192.0.2.1', durationSeconds: 90, reason: 'seen before' },
      { hostId: 'a', jail: 'postfix', address: '192.0.2.1', durationSeconds: -1, reason: undefined },
    ]);
  });

  it('leaves the time to the jail when nobody knows, and what is in no known jail alone', () => {
    expect(liftedTargets([{ ...outcome, jail: 'sshd', lifted: [] }])).toEqual([
      { hostId: 'a', jail: 'sshd', address: '192.0.2.1', durationSeconds: undefined, reason: undefined },
    ]);
    expect(liftedTargets([{ ...outcome, jail: null, lifted: [] }])).toEqual([]);
    expect(liftedTargets([{ ...outcome, jail: null, address: null }])).toEqual([]);
    expect(liftedTargets([{ ...outcome, jail: 'sshd', result: 'unchanged' }])).toEqual([]);
  });
});

describe(groupLifted.name, () => {
  const target = (i: number, durationSeconds: number | undefined, reason?: string) => ({
    hostId: 'a',
    jail: 'sshd',
    address: `192.0.2.${i}`,
    durationSeconds,
    reason,
  });

  it('keeps time and reason of each of a few', () => {
    expect(groupLifted([target(1, 90, 'x'), target(2, 91), target(3, 91), target(4, undefined)])).toEqual([
      { hostId: 'a', jail: 'sshd', addresses: ['192.0.2.1'], durationSeconds: 90, reason: 'x' },
      { hostId: 'a', jail: 'sshd', addresses: ['192.0.2.2', '192.0.2.3'], durationSeconds: 91, reason: undefined },
      { hostId: 'a', jail: 'sshd', addresses: ['192.0.2.4'], durationSeconds: undefined, reason: undefined },
    ]);
  });

  it('asks for many in few requests, none of them shorter or much longer than it was', () => {
    const targets = Array.from({ length: 250 }, (_, i) => target(i, i === 0 ? -1 : 3_600 + i * 7));
    const groups = groupLifted(targets);
    expect(groups.length).toBeLessThan(15);
    const given = new Map(groups.flatMap((group) => group.addresses.map((one) => [one, group.durationSeconds ?? 0])));
    for (const { address, durationSeconds } of targets) {
      expect(given.get(address)).toBeGreaterThanOrEqual(durationSeconds ?? 0);
      expect(given.get(address)).toBeLessThanOrEqual((durationSeconds ?? 0) * 1.06 + 1);
    }
  });
});
