import { appendFileSync, copyFileSync, readFileSync, renameSync, statSync } from 'node:fs';
import { truncateSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tempDir, type TempDir } from '@bailiff/testing';
import { LogTail, type LogPosition } from './log-tail.js';

/** Like a log line in length, so that its text identifies it. */
const line = (n: number) => `2026-01-01 00:00:00,000 fail2ban.actions        [1]: NOTICE  [demo] Ban 192.0.2.${n}\n`;
const numbers = (lines: readonly string[]) => lines.map((text) => Number(text.split('.').at(-1)));

describe(LogTail.name, () => {
  let dir: TempDir;
  let path: string;
  let position: LogPosition | undefined;
  let tail: LogTail;
  let gaps: number;

  /** Everything up to the end, as the feed reads it. */
  const drain = (): number[] => {
    const lines: string[] = [];
    for (let turn = 0; turn < 1000; turn += 1) {
      const slice = tail.read(position);
      lines.push(...slice.lines);
      if (slice.isGap) gaps += 1;
      const isSame = slice.position?.offset === position?.offset && slice.position?.ino === position?.ino;
      position = slice.position;
      if (slice.isAtEnd && isSame) return numbers(lines);
    }
    throw new Error('never at the end');
  };
  /** As after a restart of the agent: nothing but the position is left. */
  const restart = () => {
    tail.close();
    tail = new LogTail(path);
  };
  const append = (...lines: number[]) => appendFileSync(path, lines.map(line).join(''));
  const old = (file: string, ageMs: number) => {
    const when = new Date(Date.now() - ageMs);
    utimesSync(file, when, when);
  };

  beforeEach(async () => {
    dir = await tempDir();
    path = join(dir.path, 'fail2ban.log');
    position = undefined;
    gaps = 0;
    tail = new LogTail(path);
  });
  afterEach(async () => {
    tail.close();
    expect(gaps).toBe(0);
    await dir[Symbol.asyncDispose]();
  });

  it('waits for a log that does not exist yet', () => {
    expect(drain()).toEqual([]);
    append(1);
    expect(drain()).toEqual([1]);
  });

  it('reads what is there, then what is added, each line once', () => {
    append(1, 2);
    expect(drain()).toEqual([1, 2]);
    expect(drain()).toEqual([]);
    append(3);
    restart();
    expect(drain()).toEqual([3]);
  });

  it('leaves a line alone until it is complete', () => {
    const text = line(2);
    writeFileSync(path, line(1) + text.slice(0, 20));
    expect(drain()).toEqual([1]);
    restart();
    expect(drain()).toEqual([]);
    appendFileSync(path, text.slice(20));
    expect(drain()).toEqual([2]);
  });

  it('takes over only the end of a huge log, from a line start', () => {
    append(...Array.from({ length: 100 }, (_, index) => index));
    tail = new LogTail(path, { sliceBytes: 1024, firstContactBytes: line(1).length * 3 });
    const first = drain();
    expect(first.at(-1)).toBe(99);
    expect(first.length).toBeLessThanOrEqual(3);
    expect(first).toEqual([97, 98, 99].slice(-first.length));
  });

  it('skips a line that is longer than a slice, and nothing else', () => {
    tail = new LogTail(path, { sliceBytes: 256, firstContactBytes: 1 << 20 });
    writeFileSync(path, `${line(1)}${'x'.repeat(2000)}${line(7)}${line(2)}`);
    expect(drain()).toEqual([1, 2]);
  });

  it('replaces bytes that are not UTF-8', () => {
    writeFileSync(path, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(line(4))]));
    expect(drain()).toEqual([4]);
  });

  it('follows a rename once the new file is written to', () => {
    append(1);
    expect(drain()).toEqual([1]);
    append(2);
    renameSync(path, `${path}.1`);
    writeFileSync(path, '');
    // fail2ban still writes to the old file until it is told to reopen
    appendFileSync(`${path}.1`, line(3));
    expect(drain()).toEqual([2, 3]);
    appendFileSync(`${path}.1`, line(4));
    append(5);
    expect(drain()).toEqual([4, 5]);
    restart();
    append(6);
    expect(drain()).toEqual([6]);
  });

  it('finds its place after several rotations while it was down', () => {
    append(1);
    expect(drain()).toEqual([1]);
    append(2);
    tail.close();
    renameSync(path, `${path}.2`);
    old(`${path}.2`, 60_000);
    writeFileSync(`${path}.1`, line(3));
    old(`${path}.1`, 30_000);
    append(4);
    restart();
    expect(drain()).toEqual([2, 3, 4]);
  });

  it('reads the rest of a copytruncate copy, running or restarted', () => {
    for (const isRestarted of [false, true]) {
      append(1, 2);
      expect(drain()).toEqual([1, 2]);
      append(3);
      copyFileSync(path, `${path}.1`);
      truncateSync(path, 0);
      if (isRestarted) restart();
      append(4);
      expect(drain()).toEqual([3, 4]);
      unlinkSync(`${path}.1`);
      restart();
      expect(drain()).toEqual([]);
      truncateSync(path, 0);
      position = undefined;
    }
  });

  it('notices a truncated log that has already grown past its place', () => {
    append(1);
    expect(drain()).toEqual([1]);
    copyFileSync(path, `${path}.1`);
    truncateSync(path, 0);
    append(2, 3, 4);
    expect(drain()).toEqual([2, 3, 4]);
  });

  const packers = {
    gz: gzipSync,
    zst: zstdCompressSync,
    xz: (text: Buffer) => execFileSync('/usr/bin/xz', ['-9', '--stdout'], { input: text }),
  } as const;
  type Ending = keyof typeof packers;

  /** As `compress` of logrotate leaves it: another file, with the time of the first. */
  const compress = (file: string, ending: Ending = 'gz') => {
    const { atime, mtime } = statSync(file);
    writeFileSync(`${file}.${ending}`, packers[ending](readFileSync(file)));
    utimesSync(`${file}.${ending}`, atime, mtime);
    unlinkSync(file);
  };

  it.each<Ending>(['gz', 'zst', 'xz'])('finds its place in a log rotated to .%s, running or restarted', (ending) => {
    for (const isRestarted of [false, true]) {
      append(1);
      expect(drain()).toEqual([1]);
      append(2, 3);
      if (isRestarted) tail.close();
      renameSync(path, `${path}.1`);
      old(`${path}.1`, 60_000);
      compress(`${path}.1`, ending);
      append(4);
      if (isRestarted) restart();
      expect(drain()).toEqual([2, 3, 4]);
      append(5);
      restart();
      expect(drain()).toEqual([5]);
      unlinkSync(`${path}.1.${ending}`);
    }
  });

  it('does not take what a log was compressed to for the next one, whatever its time', () => {
    append(1, 2);
    expect(drain()).toEqual([1, 2]);
    renameSync(path, `${path}.1`);
    old(`${path}.1`, 60_000);
    expect(drain()).toEqual([]);
    writeFileSync(`${path}.1.gz`, gzipSync(readFileSync(`${path}.1`)));
    expect(drain()).toEqual([]);
    unlinkSync(`${path}.1`);
    expect(drain()).toEqual([]);
    append(3);
    expect(drain()).toEqual([3]);
  });

  it.each<[Ending, Ending]>([
    ['gz', 'gz'],
    ['zst', 'xz'],
    ['xz', 'zst'],
  ])('goes through logs packed as .%s and .%s in order, past a half-written one', (first, second) => {
    append(1);
    expect(drain()).toEqual([1]);
    append(2);
    tail.close();
    renameSync(path, `${path}.3`);
    old(`${path}.3`, 90_000);
    compress(`${path}.3`, first);
    writeFileSync(`${path}.2`, line(3));
    old(`${path}.2`, 60_000);
    compress(`${path}.2`, second);
    writeFileSync(`${path}.1`, line(4));
    old(`${path}.1`, 30_000);
    writeFileSync(`${path}.1.${first}`, packers[first](readFileSync(`${path}.1`)).subarray(0, 40));
    append(5);
    restart();
    expect(drain()).toEqual([2, 3, 4, 5]);
  });

  it('starts over and reports a gap when its text is gone', () => {
    append(1, 2);
    expect(drain()).toEqual([1, 2]);
    tail.close();
    unlinkSync(path);
    append(3);
    restart();
    expect(drain()).toEqual([3]);
    expect(gaps).toBe(1);
    gaps = 0;
  });

  it('ignores copies that no rotation makes', () => {
    append(1);
    expect(drain()).toEqual([1]);
    copyFileSync(path, `${path}.bak`);
    renameSync(path, `${path}.1`);
    old(`${path}.1`, 1_000);
    append(2);
    expect(drain()).toEqual([2]);
  });
});
