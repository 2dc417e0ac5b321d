import { stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tempDir } from './temp-dir.js';

describe(tempDir, () => {
  it('is private, and gone with all it holds after its scope', async () => {
    let path: string;
    {
      await using dir = await tempDir('bailiff-spec-');
      path = dir.path;
      expect((await stat(path)).mode & 0o777).toBe(0o700);
      await writeFile(join(path, 'file'), 'x');
    }
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('never gives the same folder twice', async () => {
    await using one = await tempDir();
    await using two = await tempDir();
    expect(one.path).not.toBe(two.path);
    expect((await stat(join(tmpdir()))).isDirectory()).toBe(true);
  });
});
