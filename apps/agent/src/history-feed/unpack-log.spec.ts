import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { tempDir } from '@bailiff/testing';
import { rotationProblem } from './log-files.js';
import { findXz, packedEnding, unpackLog, type PackedEnding } from './unpack-log.js';

const xzOf = (text: Buffer, ...words: string[]) =>
  execFileSync('/usr/bin/xz', ['--stdout', ...words], { input: text, maxBuffer: 64 << 20 });
const packers: readonly (readonly [PackedEnding, (text: Buffer) => Buffer])[] = [
  ['.gz', (plain) => gzipSync(plain)],
  ['.zst', (plain) => zstdCompressSync(plain)],
  ['.xz', (plain) => xzOf(plain)],
];
const text = Buffer.from('2026-01-01 00:00:00,000 fail2ban.actions [1]: NOTICE [demo] Ban 192.0.2.1\n'.repeat(1000));

describe.each(packers)('unpackLog of %s', (ending, pack) => {
  it('gives the text back, also of parts packed one after another', () => {
    expect(unpackLog(pack(text), ending).equals(text)).toBe(true);
    expect(unpackLog(Buffer.concat([pack(text), pack(text)]), ending).length).toBe(2 * text.length);
  });

  it('gives nothing of what is cut off, broken or empty', () => {
    const packed = pack(text);
    for (const end of [0, 3, 20, packed.length - 1]) expect(unpackLog(packed.subarray(0, end), ending)).toHaveLength(0);
    expect(unpackLog(randomBytes(200), ending)).toHaveLength(0);
    const bent = Buffer.from(packed);
    bent.fill(0xaa, 8, 16);
    expect(unpackLog(bent, ending)).toHaveLength(0);
  });

  it('gives nothing of a small file that unpacks to more than is held in memory', () => {
    const packed = pack(Buffer.alloc(40 << 20, 'x'));
    expect(packed.length).toBeLessThan(1 << 20);
    expect(unpackLog(packed, ending)).toHaveLength(0);
  });

  it('does not even try a huge file', () => {
    const packed = Buffer.concat([pack(text), Buffer.alloc(8 << 20)]);
    expect(unpackLog(packed, ending)).toHaveLength(0);
  });
});

describe('unpackLog', () => {
  it('reads what the highest level of xz packed, within its bound of memory', () => {
    expect(unpackLog(xzOf(text, '-9e'), '.xz').equals(text)).toBe(true);
    // Needs 1 GiB to be unpacked.
    const greedy = xzOf(text, '--lzma2=preset=0,dict=1GiB');
    expect(unpackLog(greedy, '.xz')).toHaveLength(0);
  });

  it('gives nothing without xz, or with one that fails or is none', async () => {
    await using dir = await tempDir();
    const program = join(dir.path, 'xz');
    const packed = xzOf(text);
    expect(findXz([program])).toBeUndefined();
    expect(unpackLog(packed, '.xz', program)).toHaveLength(0);
    writeFileSync(program, '#!/bin/sh\necho partly; exit 1\n');
    chmodSync(program, 0o755);
    expect(findXz([program])).toBe(program);
    expect(unpackLog(packed, '.xz', program)).toHaveLength(0);
  });

  it('hands xz no environment, no file and no word of the file’s name', async () => {
    await using dir = await tempDir();
    const program = join(dir.path, 'xz');
    writeFileSync(program, '#!/bin/sh\n/usr/bin/env | /bin/grep -c SECRET\necho "$@"\n/bin/cat > /dev/null\n');
    chmodSync(program, 0o755);
    process.env['SECRET'] = 'x';
    const said = unpackLog(xzOf(text), '.xz', program).toString().split('\n');
    delete process.env['SECRET'];
    expect(said[0]).toBe('0');
    expect(said[1]).toBe('--decompress --stdout --threads=1 --memlimit-decompress=80MiB --quiet');
  });
});

describe('rotated logs without xz', () => {
  it('are told of, by name, only where there are any', async () => {
    await using dir = await tempDir();
    const log = join(dir.path, 'fail2ban.log');
    for (const name of ['', '.1', '.2.gz', '.3.zst']) writeFileSync(`${log}${name}`, '');
    writeFileSync(join(dir.path, 'other.log.1.xz'), '');
    expect(rotationProblem(log, null)).toBeUndefined();
    writeFileSync(`${log}.4.xz`, '');
    expect(existsSync('/usr/bin/xz')).toBe(true);
    expect(rotationProblem(log)).toBeUndefined();
    expect(rotationProblem(log, null)).toContain('fail2ban.log.4.xz');
    expect(rotationProblem(log, null)).toContain('install xz-utils');
  });

  it('are known by the end of their names', () => {
    expect(['a.gz', 'a.1.zst', 'a.xz', 'a.1', 'a.xz.bak', 'a.bz2'].map(packedEnding)).toEqual([
      ...['.gz', '.zst', '.xz'],
      ...[undefined, undefined, undefined],
    ]);
  });
});
