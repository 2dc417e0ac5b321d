import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../core/eventually.js';
import { startFail2ban } from './fail2ban-instance.js';
import { allFail2banVersions } from './fail2ban-version.js';

describe.each(allFail2banVersions)('startFail2ban %s', (version) => {
  it('bans a host whose failures appear in the log, and writes down what its action was asked', async () => {
    await using f2b = await startFail2ban({ version, jails: { demo: { maxretry: 3 } } });
    expect(await f2b.client('version')).toBe(version);
    await f2b.appendFailures('demo', '192.0.2.10', 3);
    await eventually(async () => expect(await f2b.client('get', 'demo', 'banip')).toBe('192.0.2.10'));
    await eventually(async () => expect(await readFile(f2b.actionLogPath, 'utf8')).toBe('demo ban 192.0.2.10\n'));
  });
});
