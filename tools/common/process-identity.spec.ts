import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { describe, expect, it } from '@jest/globals';

import { endProcess, identify, isRunning } from './process-identity.ts';

describe('process identity', () => {
  it('knows a process that runs', () => {
    const self = identify(process.pid);
    expect(self).toEqual({ pid: process.pid, startTicks: expect.any(Number) });
    expect(isRunning(self!)).toBe(true);
  });

  it('does not take a later process with the same number for the earlier one', () => {
    const self = identify(process.pid)!;
    expect(isRunning({ ...self, startTicks: self.startTicks! - 1 })).toBe(false);
  });

  it('reads a program name that holds spaces and parentheses', async () => {
    const child = spawn(process.execPath, [
      '-e',
      'process.title = "a) S 1 (b"; console.log(); setInterval(() => {}, 1000)',
    ]);
    await once(child.stdout, 'data');
    const identity = identify(child.pid!)!;
    expect(identity.startTicks).toBeGreaterThan(identify(process.pid)!.startTicks! - 1);
    await endProcess(identity);
    expect(isRunning(identity)).toBe(false);
  });

  it('ends a process that ignores SIGTERM', async () => {
    const child = spawn(process.execPath, [
      '-e',
      'process.on("SIGTERM", () => {}); console.log(); setInterval(() => {}, 1000)',
    ]);
    await once(child.stdout, 'data');
    const ended = once(child, 'exit');
    await endProcess(identify(child.pid!)!, 50);
    expect(await ended).toEqual([null, 'SIGKILL']);
  });

  it('says nothing of a number nobody has', () => {
    expect(identify(2 ** 22 + 1)).toBeUndefined();
  });
});
