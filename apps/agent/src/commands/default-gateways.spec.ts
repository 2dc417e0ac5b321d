import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tempDir } from '@bailiff/testing';
import { defaultGateways, readIpv4, readIpv6 } from './default-gateways.js';

describe(defaultGateways, () => {
  const NONE = '0'.repeat(32);
  const IPV6_ROUTE = `${NONE} 00 ${NONE} 00 20010db8000000000000000000000001 00000400 00000001 00000000 00000003 eth0`;

  it('reads both tables', async () => {
    await using folder = await tempDir();
    writeFileSync(join(folder.path, 'route'), 'eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n');
    writeFileSync(join(folder.path, 'ipv6_route'), `${IPV6_ROUTE}\n`);
    expect(defaultGateways(folder.path)).toEqual(['192.0.2.1', '2001:db8::1']);
    expect(defaultGateways(join(folder.path, 'away'))).toEqual([]);
  });

  it('reads the kernel’s table of IPv4 routes', () => {
    const table = [
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
      'eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0',
      'eth0\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0',
      'tun0\t00000000\t00000000\t0001\t0\t0\t50\t00000000\t0\t0\t0',
    ].join('\n');
    expect(readIpv4(table)).toEqual(['192.0.2.1']);
  });

  it('reads the kernel’s table of IPv6 routes', () => {
    const table = [
      IPV6_ROUTE,
      `20010db8000000000000000000000000 40 ${NONE} 00 ${NONE} 00000100 00000001 00000000 00000001 eth0`,
      `${NONE} 00 ${NONE} 00 ${NONE} ffffffff 00000001 00000000 00200200 lo`,
    ].join('\n');
    expect(readIpv6(table)).toEqual(['2001:db8::1']);
  });

  it('finds nothing in nonsense', () => {
    expect([...readIpv4('x\n\n'), ...readIpv6('')]).toEqual([]);
  });
});
