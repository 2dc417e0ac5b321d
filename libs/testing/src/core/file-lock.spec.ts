import { writeFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { withFileLock } from './file-lock.js';
import { runChecked } from './run-command.js';
import { tempDir } from './temp-dir.js';

describe(withFileLock, () => {
  it('lets one in at a time', async () => {
    await using dir = await tempDir();
    const lock = join(dir.path, 'lock');
    const steps: string[] = [];
    let leave = (): void => undefined;
    const stay = new Promise<void>((resolve) => (leave = resolve));
    let isIn = (): void => undefined;
    const entered = new Promise<void>((resolve) => (isIn = resolve));
    const first = withFileLock(lock, async () => {
      steps.push('first in');
      isIn();
      await stay;
      steps.push('first out');
    });
    await entered;
    const second = withFileLock(lock, () => Promise.resolve(steps.push('second in')));
    steps.push('second waits');
    leave();
    await Promise.all([first, second]);
    expect(steps).toEqual(['first in', 'second waits', 'first out', 'second in']);
  });

  it('is open again after the work failed', async () => {
    await using dir = await tempDir();
    const lock = join(dir.path, 'lock');
    await expect(withFileLock(lock, () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
    await expect(stat(lock)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('passes over a lock whose owner is dead', async () => {
    await using dir = await tempDir();
    const lock = join(dir.path, 'lock');
    await writeFile(lock, (await runChecked('sh', ['-c', 'echo $$'])).trim());
    expect(await withFileLock(lock, () => Promise.resolve('done'))).toBe('done');
  });
});
