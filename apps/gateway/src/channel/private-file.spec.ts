import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, link, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPrivateFile, distrustOf, readPrivateFile, replacePrivateFile } from './private-file.js';

const trusted = { isRegular: true, uid: 1000, mode: 0o100600, links: 1 };
const refuse = (why: string): Error => new Error(why);

describe(distrustOf, () => {
  it('trusts a regular 0600 file of our own', () => {
    expect(distrustOf(trusted, 1000)).toBe(undefined);
  });
  it.each([
    [{ isRegular: false }, /regular/],
    [{ uid: 0 }, /belongs to user 0/],
    [{ mode: 0o100640 }, /mode 640/],
    [{ mode: 0o100602 }, /mode 602/],
    [{ links: 2 }, /hard link/],
  ])('refuses %j', (change, why) => {
    expect(distrustOf({ ...trusted, ...change }, 1000)).toMatch(why);
  });
});

describe('private files', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bailiff-private-'));
    path = join(directory, 'secret.json');
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('are made once, readable by us alone, and leave nothing else behind', async () => {
    expect(await readPrivateFile(path, refuse)).toBe(undefined);
    expect(await Promise.all([createPrivateFile(path, 'a'), createPrivateFile(path, 'a')])).toContain(true);
    expect(await createPrivateFile(path, 'b')).toBe(false);
    expect(await readPrivateFile(path, refuse)).toBe('a');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['secret.json']);
  });

  it('are replaced whole', async () => {
    await createPrivateFile(path, 'a');
    await replacePrivateFile(path, 'b');
    expect(await readPrivateFile(path, refuse)).toBe('b');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('are refused when open to others, linked or a symbolic link', async () => {
    await createPrivateFile(path, 'a');
    await chmod(path, 0o644);
    await expect(readPrivateFile(path, refuse)).rejects.toThrow('mode 644');
    await chmod(path, 0o600);
    await symlink(path, join(directory, 'soft'));
    await expect(readPrivateFile(join(directory, 'soft'), refuse)).rejects.toThrow('symbolic link');
    await link(path, join(directory, 'hard'));
    await expect(readPrivateFile(path, refuse)).rejects.toThrow('hard link');
  });
});
