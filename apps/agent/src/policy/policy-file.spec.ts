import { chmodSync, linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseAddress } from '@bailiff/ip';
import { tempDir, type TempDir } from '@bailiff/testing';
import { UnsafeFileError } from '../state/unsafe-file.error.js';
import { PolicyFile } from './policy-file.js';
import { PolicyError, parseGroups, parsePolicy, renderPolicy } from './policy.js';

const write = (path: string, value: unknown, mode = 0o600) => {
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value), { mode });
  chmodSync(path, mode);
};

describe(PolicyFile.name, () => {
  let dir: TempDir;
  let path: string;
  let file: PolicyFile;

  beforeEach(async () => {
    dir = await tempDir();
    const folder = join(dir.path, 'etc');
    mkdirSync(folder, { mode: 0o700 });
    path = join(folder, 'policy.json');
    file = new PolicyFile(folder);
  });
  afterEach(async () => {
    await dir[Symbol.asyncDispose]();
  });

  it('reads groups, log roots and protected networks', () => {
    write(path, { groups: ['read'], logRoots: ['/var/log'], protected: ['192.0.2.0/24', '2001:db8::1'] });
    const policy = file.current();
    expect([...policy.groups]).toEqual(['read']);
    expect(policy.protectedNetworks.touches(parseAddress('192.0.2.7'))).toBe(true);
    expect(policy.protectedNetworks.touches(parseAddress('198.51.100.7'))).toBe(false);
  });

  it('follows a change of the file', () => {
    write(path, { groups: ['read'] });
    expect(file.current().groups.has('ban')).toBe(false);
    write(`${path}.new`, { groups: ['read', 'ban'] });
    renameSync(`${path}.new`, path);
    expect(file.current().groups.has('ban')).toBe(true);
    write(path, 'not json');
    expect(() => file.current()).toThrow(PolicyError);
    write(path, { groups: [] });
    expect(file.current().groups.size).toBe(0);
  });

  it('refuses a missing file', () => {
    expect(() => file.current()).toThrow(UnsafeFileError);
  });

  it('refuses a symbolic link, also to a good file', () => {
    write(`${path}.real`, { groups: ['read'] });
    symlinkSync(`${path}.real`, path);
    expect(() => file.current()).toThrow(/link/);
  });

  it('refuses a second name of the same file', () => {
    write(path, { groups: ['read'] });
    linkSync(path, `${path}.other`);
    expect(() => file.current()).toThrow(/hard links/);
  });

  it('refuses a file or folder that others may touch', () => {
    write(path, { groups: ['read'] }, 0o644);
    expect(() => file.current()).toThrow(/0600/);
    chmodSync(path, 0o600);
    expect(file.current().groups.has('read')).toBe(true);
    chmodSync(join(path, '..'), 0o755);
    expect(() => file.current()).toThrow(/0700/);
  });
});

describe(parsePolicy.name, () => {
  it.each([
    ['[]', 'object'],
    ['{"groups":["root"]}', 'root'],
    ['{"groups":"read"}', 'groups'],
    ['{}', 'groups'],
    ['{"groups":[],"extra":1}', 'extra'],
    ['{"groups":[],"logRoots":["var/log"]}', 'var/log'],
    ['{"groups":[],"logRoots":["/var/../etc"]}', '/var/../etc'],
    ['{"groups":[],"protected":["192.0.2"]}', '192.0.2'],
  ])('refuses %s', (text, named) => {
    expect(() => parsePolicy(text)).toThrow(PolicyError);
    expect(() => parsePolicy(text)).toThrow(named);
  });

  it('reads back what an enrolment writes', () => {
    expect([...parsePolicy(renderPolicy(['read', 'ban'])).groups]).toEqual(['read', 'ban']);
  });
});

describe(parseGroups.name, () => {
  it('takes a list without doubles and names what it does not know', () => {
    expect(parseGroups('read, ban,read')).toEqual(['read', 'ban']);
    expect(() => parseGroups('read,sudo')).toThrow('sudo');
    expect(() => parseGroups('')).toThrow(PolicyError);
  });
});
