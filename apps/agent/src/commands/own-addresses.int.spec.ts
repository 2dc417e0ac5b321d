import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runCommand } from '@bailiff/testing';
import { OwnAddresses } from './own-addresses.js';

const UNIT = join(import.meta.dirname, '../../../../infra/systemd/bailiff-agent.service');
const RESTRICT = join(import.meta.dirname, '../../test/restrict_address_families.py');
const LIST = 'console.log(JSON.stringify(Object.values(os.networkInterfaces()).flat().map(({ address }) => address)))';

/** What Node lists when it may open sockets of these families only. */
function listWith(families: string) {
  return runCommand('python3', [RESTRICT, families, process.execPath, '-e', LIST]);
}

describe(OwnAddresses.name, () => {
  it('can list the addresses of the host from within the service', async () => {
    const [, families = ''] = /^RestrictAddressFamilies=(.+)$/m.exec(readFileSync(UNIT, 'utf8')) ?? [];
    const { stdout } = await listWith(families.split(' ').join());
    expect(JSON.parse(stdout)).toContain('127.0.0.1');
  });

  it('cannot without the kernel’s own sockets', async () => {
    const { stderr } = await listWith('AF_UNIX,AF_INET,AF_INET6');
    expect(stderr).toContain('uv_interface_addresses');
  });
});
