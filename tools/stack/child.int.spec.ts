import { join } from 'node:path';

import { eventually, tempDir } from '@bailiff/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { isRunning } from '../common/process-identity.ts';
import { SupervisedChild } from './child.ts';

const serve = 'require("fs").writeFileSync(process.env.READY, "{}"); setInterval(() => {}, 1000)';

describe(SupervisedChild.name, () => {
  let dir: Awaited<ReturnType<typeof tempDir>>;
  let child: SupervisedChild | undefined;
  const plan = (script: string, isPatient = true) => ({
    name: 'example',
    program: process.execPath,
    args: ['-e', script],
    env: () => ({ ...process.env, READY: join(dir.path, 'ready') }),
    logFile: join(dir.path, 'example.log'),
    readyFile: join(dir.path, 'ready'),
    ...(isPatient ? {} : { readyWithinMs: 200 }),
  });

  beforeEach(async () => {
    dir = await tempDir('bailiff-child-');
  });
  afterEach(async () => {
    await child?.stop();
    await dir[Symbol.asyncDispose]();
  });

  it('starts a process again that was killed, as often as that happens', async () => {
    child = new SupervisedChild(plan(serve), () => undefined);
    await child.start();
    for (let time = 0; time < 3; time += 1) {
      const killed = child.identity!;
      process.kill(killed.pid, 'SIGKILL');
      await eventually(() => child?.identity?.pid !== killed.pid && isRunning(child!.identity!), { withinMs: 10_000 });
    }
  });

  it('leaves it alone once it was stopped', async () => {
    child = new SupervisedChild(plan(serve), () => undefined);
    await child.start();
    const { identity } = child;
    await child.stop();
    expect(isRunning(identity!)).toBe(false);
    expect(child.identity).toBeUndefined();
  });

  it('says how a process ended that did not come up, with its last words', async () => {
    child = new SupervisedChild(plan('console.error("BAILIFF_X is wrong"); process.exit(3)'), () => undefined);
    await expect(child.start()).rejects.toThrow(/example ended \(exit code 3\)[^]*BAILIFF_X is wrong/);
  });

  it('says when a process does not serve in time', async () => {
    child = new SupervisedChild(plan('setInterval(() => {}, 1000)', false), () => undefined);
    await expect(child.start()).rejects.toThrow('example does not answer');
  });
});
