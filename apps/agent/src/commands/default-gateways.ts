import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tryParseAddress, type IpAddress } from '@bailiff/ip';

/** Not `/proc/net`, which the service's `ProcSubset=pid` hides. */
const KERNEL_TABLES = '/proc/self/net';

/**
 * Where this host sends what is not local: banned, it would be cut off. Nothing where the kernel does not tell.
 * @param folder of the kernel's tables `route` and `ipv6_route`
 */
export function defaultGateways(folder = KERNEL_TABLES): IpAddress[] {
  return [...readIpv4(read(join(folder, 'route'))), ...readIpv6(read(join(folder, 'ipv6_route')))];
}

/** Gateways of default routes in the text of `/proc/net/route`: hexadecimal in the byte order of the machine. */
export function readIpv4(text: string): IpAddress[] {
  return text.split('\n').flatMap((line) => {
    const [, destination, gateway, , , , , mask] = line.split(/\s+/);
    if (destination !== '00000000' || mask !== '00000000' || !/^[0-9A-F]{8}$/.test(gateway ?? '')) return [];
    const bytes = Buffer.from(gateway ?? '', 'hex').reverse();
    return known([...bytes].join('.'), '0.0.0.0');
  });
}

/** Gateways of default routes in the text of `/proc/net/ipv6_route`. */
export function readIpv6(text: string): IpAddress[] {
  return text.split('\n').flatMap((line) => {
    const [destination, length, , , gateway] = line.split(/\s+/);
    if (length !== '00' || !/^0{32}$/.test(destination ?? '') || !/^[0-9a-f]{32}$/.test(gateway ?? '')) return [];
    return known((gateway ?? '').replace(/(.{4})(?!$)/g, '$1:'), '::');
  });
}

function known(text: string, none: string): IpAddress[] {
  const address = tryParseAddress(text);
  return address === undefined || address === none ? [] : [address];
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
