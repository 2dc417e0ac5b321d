import { describe, expect, it } from '@jest/globals';
import { groupTargets } from './ban-target';

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
