import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runCommand, tempDir, type CommandResult } from '@bailiff/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { findProgram, repositoryRoot } from '../common/paths.ts';

const basics = ['sh', 'dirname', 'uname', 'mkdir', 'cat', 'cksum', 'find', 'head', 'grep'];

/** The script alone in a folder, on a machine that has nothing but what a test puts there. */
describe('./bailiff', () => {
  let dir: Awaited<ReturnType<typeof tempDir>>;
  let bin: string;

  beforeEach(async () => {
    dir = await tempDir('bailiff-script-');
    bin = join(dir.path, 'bin');
    mkdirSync(bin);
    copyFileSync(join(repositoryRoot, 'bailiff'), join(dir.path, 'bailiff'));
    for (const name of basics) symlinkSync(findProgram(name)!, join(bin, name));
    has('id', 'echo 1000');
    has('apt-get', 'echo "apt-get $*" >> "$0.log"');
  });
  afterEach(async () => {
    await dir[Symbol.asyncDispose]();
  });

  function has(name: string, script: string): void {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const bailiff = (...words: string[]): Promise<CommandResult> =>
    runCommand(join(dir.path, 'bailiff'), words, { env: { PATH: bin } });

  it('says exactly what to install to those who may not', async () => {
    const { exitCode, stderr, stdout } = await bailiff('demo', '--json');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('sudo apt-get install redis-server fail2ban\n');
    expect(stdout).toBe('');
    expect(() => readFileSync(join(bin, 'apt-get.log'))).toThrow('ENOENT');
  });

  it('needs no redis-server where both servers are given', async () => {
    const env = { PATH: bin, REDIS_URL: 'redis://a.example', BAILIFF_EDGE_REDIS_URL: 'redis://b.example' };
    const { stderr } = await runCommand(join(dir.path, 'bailiff'), ['up'], { env });
    expect(stderr).not.toContain('redis-server');
    expect(stderr).toContain('sudo apt-get install npm\n');
  });

  it('needs none either where they are given in .env, and one where .env names only one', async () => {
    const file = join(dir.path, '.env');
    writeFileSync(file, `# ours\nREDIS_URL=redis://a.example\n export BAILIFF_EDGE_REDIS_URL = "redis://b.example"\n`);
    expect((await bailiff('up')).stderr).not.toContain('redis-server');
    writeFileSync(file, 'REDIS_URL=redis://a.example\n#BAILIFF_EDGE_REDIS_URL=redis://b.example\n');
    expect((await bailiff('up')).stderr).toContain('sudo apt-get install redis-server\n');
    writeFileSync(file, 'REDIS_URL=redis://a.example\nBAILIFF_EDGE_REDIS_URL=\n');
    expect((await bailiff('up')).stderr).toContain('sudo apt-get install redis-server\n');
  });

  it('fetches Node and pnpm beside an old Node, into its own folder only', async () => {
    has('node', 'case $1 in -e) exit 1 ;; *) echo v20.20.2 ;; esac');
    has('npm', 'echo "$*" > "$0.log"; exit 1');
    const { exitCode, stderr } = await bailiff('down');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('npm could not fetch');
    const words = readFileSync(join(bin, 'npm.log'), 'utf8');
    expect(words).toMatch(
      /^install --prefix \/.*\/\.tooling .* node-linux-(x64|arm64)@24\.\d+\.\d+ pnpm@12\.\d+\.\d+$/m,
    );
    expect(words).not.toContain('-g');
  });

  it('fetches nothing to look around', async () => {
    has('npm', 'echo called > "$0.log"');
    const { exitCode, stderr } = await bailiff('doctor');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('24.15 or newer');
    expect(() => readFileSync(join(bin, 'npm.log'))).toThrow('ENOENT');
  });

  it('explains itself, and refuses what it does not know', async () => {
    expect((await bailiff()).stdout).toContain('./bailiff <command>');
    const { exitCode, stderr } = await bailiff('uup');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('unknown command: uup');
  });
});
