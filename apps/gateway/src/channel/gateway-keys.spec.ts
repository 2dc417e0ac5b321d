import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialiseGatewayKeys } from '@bailiff/agent-channel';
import { GATEWAY_KEYS_FILE, openGatewayKeys } from './gateway-keys.js';
import { GatewayKeysFileError } from './gateway-keys.errors.js';

describe(openGatewayKeys, () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bailiff-keys-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('makes keys once, also when two gateways start together', async () => {
    const [a, b] = await Promise.all([openGatewayKeys(directory), openGatewayKeys(directory)]);
    const again = await openGatewayKeys(directory);
    expect(serialiseGatewayKeys(a)).toEqual(serialiseGatewayKeys(again));
    expect(serialiseGatewayKeys(b)).toEqual(serialiseGatewayKeys(again));
  });

  it('refuses a file that others may read, and one without keys, and keeps both', async () => {
    await openGatewayKeys(directory);
    const path = join(directory, GATEWAY_KEYS_FILE);
    const text = await readFile(path, 'utf8');
    await chmod(path, 0o640);
    await expect(openGatewayKeys(directory)).rejects.toThrow(GatewayKeysFileError);
    expect(await readFile(path, 'utf8')).toBe(text);
    await chmod(path, 0o600);
    await writeFile(path, '{"current":1,"all":[]}');
    await expect(openGatewayKeys(directory)).rejects.toThrow('does not hold gateway keys');
  });
});
