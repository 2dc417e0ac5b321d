import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runChecked } from '../core/run-command.js';
import { availableFail2banVersions, installedFail2ban } from './fail2ban-installation.js';
import { allFail2banVersions, testedFail2banVersions } from './fail2ban-version.js';

describe(installedFail2ban, () => {
  it.each(allFail2banVersions)('finds or unpacks %s with its programs and stock configuration', async (version) => {
    const { python, pythonEnv, clientPath, serverPath, stockConfigDir } = await installedFail2ban(version);
    for (const program of [clientPath, serverPath]) {
      const said = await runChecked(python, [program, '--version'], {
        cwd: '/',
        env: { ...process.env, ...pythonEnv },
      });
      expect(said).toContain(`Fail2Ban v${version}`);
    }
    expect(await readdir(join(stockConfigDir, 'filter.d'))).toContain('sshd.conf');
  });
});

describe(availableFail2banVersions, () => {
  it('names a version once it is there', async () => {
    for (const version of testedFail2banVersions) await installedFail2ban(version);
    expect(await availableFail2banVersions()).toEqual(expect.arrayContaining([...testedFail2banVersions]));
  });
});
