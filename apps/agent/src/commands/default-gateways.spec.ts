import { describe, expect, it } from '@jest/globals';
import { defaultGateways, readIpv4, readIpv6 } from './default-gateways.js';

describe(defaultGateways, () => {
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
    const none = '0'.repeat(32);
    const table = [
      `${none} 00 ${none} 00 20010db8000000000000000000000001 00000400 00000001 00000000 00000003 eth0`,
      `20010db8000000000000000000000000 40 ${none} 00 ${none} 00000100 00000001 00000000 00000001 eth0`,
      `${none} 00 ${none} 00 ${none} ffffffff 00000001 00000000 00200200 lo`,
    ].join('\n');
    expect(readIpv6(table)).toEqual(['2001:db8::1']);
  });

  it('finds nothing in nonsense', () => {
    expect([...readIpv4('x\n\n'), ...readIpv6('')]).toEqual([]);
  });
});
