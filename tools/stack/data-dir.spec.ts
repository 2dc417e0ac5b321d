import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { identify } from '../common/process-identity.ts';
import { DataDir } from './data-dir.ts';

describe(DataDir.name, () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'bailiff-data-'));
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  it('is private, also when it was not before', () => {
    const data = DataDir.open(join(parent, 'data'));
    expect(statSync(data.path).mode & 0o777).toBe(0o700);
    expect(statSync(data.folder('a', 'b')).mode & 0o777).toBe(0o700);
  });

  it('keeps a secret from run to run in a private file', () => {
    const data = DataDir.open(parent);
    const secret = data.secret('redis');
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(DataDir.open(parent).secret('redis')).toBe(secret);
    expect(data.secret('other')).not.toBe(secret);
    expect(statSync(data.at('secrets/redis')).mode & 0o777).toBe(0o600);
  });

  it('finds a short place for a socket whose path the kernel would refuse', () => {
    const near = DataDir.open(parent).socketPath('f2b.sock');
    expect(near).toBe(join(parent, 'f2b.sock'));
    const data = DataDir.open(join(parent, 'x'.repeat(100)));
    const deep = data.socketPath('f2b.sock');
    expect(Buffer.byteLength(deep)).toBeLessThan(108);
    expect(statSync(dirname(deep)).mode & 0o777).toBe(0o700);
    data.release();
    expect(existsSync(dirname(deep))).toBe(false);
  });

  it('belongs to one supervisor at a time', () => {
    const data = DataDir.open(parent);
    expect(data.claim()).toBeUndefined();
    expect(data.claim()).toEqual(identify(process.pid));
  });

  it('is taken over from a supervisor that is gone', () => {
    const data = DataDir.open(parent);
    writeFileSync(data.at('supervisor.lock'), JSON.stringify({ pid: process.pid, startTicks: 1 }));
    expect(data.claim()).toBeUndefined();
    expect(JSON.parse(readFileSync(data.at('supervisor.lock'), 'utf8'))).toEqual(identify(process.pid));
  });
});
