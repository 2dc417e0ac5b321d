import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tempDir, type TempDir } from '@bailiff/testing';
import { readPrivateFile, writePrivateFile } from './private-files.js';
import { UnsafeFileError } from './unsafe-file.error.js';
import { replaceWhole } from './whole-file.js';

describe('private files', () => {
  let dir: TempDir;
  const at = (name: string) => join(dir.path, 'private', name);
  const modeOf = (name: string) => statSync(at(name)).mode & 0o777;

  beforeEach(async () => {
    dir = await tempDir();
    mkdirSync(at(''), { mode: 0o700 });
  });
  afterEach(async () => {
    await dir[Symbol.asyncDispose]();
  });

  it('are written whole, for their owner alone', () => {
    writePrivateFile(at('keys.json'), 'first', { replace: false });
    expect(() => writePrivateFile(at('keys.json'), 'second', { replace: false })).toThrow('exists already');
    expect(readPrivateFile(at('keys.json'))).toBe('first');
    writePrivateFile(at('keys.json'), 'third', { replace: true });
    expect(readPrivateFile(at('keys.json'))).toBe('third');
    expect(modeOf('keys.json')).toBe(0o600);
    expect(readdirSync(at(''))).toEqual(['keys.json']);
  });

  it('replace a link instead of writing through it', () => {
    writeFileSync(join(dir.path, 'elsewhere'), 'kept');
    symlinkSync(join(dir.path, 'elsewhere'), at('keys.json'));
    expect(() => writePrivateFile(at('keys.json'), 'new', { replace: false })).toThrow(UnsafeFileError);
    writePrivateFile(at('keys.json'), 'new', { replace: true });
    expect(readPrivateFile(at('keys.json'))).toBe('new');
    expect(readFileSync(join(dir.path, 'elsewhere'), 'utf8')).toBe('kept');
  });

  it('are not believed when someone else could have written them', () => {
    writeFileSync(at('open'), '', { mode: 0o640 });
    writeFileSync(at('twice'), '', { mode: 0o600 });
    linkSync(at('twice'), at('again'));
    symlinkSync(at('twice'), at('link'));
    execFileSync('mkfifo', ['-m', '600', at('pipe')]);
    writeFileSync(at('large'), 'x'.repeat(100), { mode: 0o600 });
    mkdirSync(at('folder'), { mode: 0o700 });
    const why = (name: string, maxBytes = 99) => {
      try {
        return readPrivateFile(at(name), maxBytes);
      } catch (error) {
        return error instanceof UnsafeFileError ? error.problem : error;
      }
    };
    expect(why('open')).toContain('open to others (mode 0640)');
    expect(why('twice')).toContain('more than one name');
    expect(why('link')).toContain('links are not followed');
    expect(why('pipe')).toContain('not a regular file');
    expect(why('large')).toContain('larger than 99 bytes');
    expect(why('folder')).toContain('not a regular file');
    expect(why('away')).toBe('does not exist');
    chmodSync(at(''), 0o755);
    expect(why('large')).toContain('open to others (mode 0755)');
  });

  it('get the mode asked for, whatever the umask, and leave nothing behind when they cannot be put in place', () => {
    const before = process.umask(0o077);
    replaceWhole(at('shown'), 'text', 0o644);
    process.umask(before);
    expect(modeOf('shown')).toBe(0o644);
    mkdirSync(at('taken'));
    expect(() => replaceWhole(at('taken'), 'text', 0o600)).toThrow(expect.objectContaining({ code: 'EISDIR' }));
    expect(readdirSync(at('')).sort()).toEqual(['shown', 'taken']);
  });
});
