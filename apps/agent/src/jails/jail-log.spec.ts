import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tempDir, type TempDir } from '@bailiff/testing';
import { JailLogs } from './jail-log.js';

describe(JailLogs.name, () => {
  let dir: TempDir;
  let logs: JailLogs;
  const at = (name: string) => join(dir.path, name);
  const tail = (path: string) => logs.tail([path], path, 10, undefined);

  beforeEach(async () => {
    dir = await tempDir();
    mkdirSync(at('log'));
    logs = new JailLogs(() => [at('log')], at('fail2ban.sock'));
    writeFileSync(at('log/auth.log'), 'one\ntwo\r\n');
    writeFileSync(at('secret'), 'root only\n');
  });

  afterEach(async () => {
    await dir[Symbol.asyncDispose]();
  });

  it('reads what fail2ban lists below a permitted folder, also through links that stay there', () => {
    symlinkSync(at('log/auth.log'), at('log/link'));
    expect(tail(at('log/link')).lines).toEqual(['one', 'two']);
    expect(logs.describe(at('log/auth.log'))).toMatchObject({ exists: true, isShown: true, lastLine: 'two' });
  });

  it('opens nothing that fail2ban does not list, and nothing elsewhere, whatever path leads there', () => {
    symlinkSync(at('secret'), at('log/link'));
    symlinkSync(dir.path, at('log/folder'));
    mkdirSync(at('log-else'));
    writeFileSync(at('log-else/auth.log'), 'beside\n');
    for (const name of ['log/link', 'log/folder/secret', 'log/../secret', 'log-else/auth.log'])
      expect(() => tail(at(name))).toThrow(expect.objectContaining({ code: 'agent/policy-denied' }));
    expect(() => logs.tail([at('log/auth.log')], at('secret'), 10, undefined)).toThrow(
      expect.objectContaining({ code: 'request/invalid' }),
    );
    expect(logs.describe(at('log/link'))).toMatchObject({ isShown: false, lastLine: null });
  });

  it('neither hangs on a pipe nor fails on links in a circle', () => {
    execFileSync('mkfifo', [at('log/pipe')]);
    symlinkSync(at('log/circle'), at('log/circle'));
    expect(() => tail(at('log/pipe'))).toThrow('not a regular file');
    expect(() => tail(at('log/circle'))).toThrow('may not read it (ELOOP)');
    expect(logs.describe(at('log/circle'))).toMatchObject({
      exists: false,
      isShown: false,
      reason: expect.stringContaining('ELOOP'),
    });
    expect(logs.describe(at('log/away'))).toMatchObject({ exists: false, reason: 'missing' });
  });
});
