import { readFile, writeFile, mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { transformFile } from '@swc/core';
import { eventually } from './eventually.js';
import { spawnProcess } from './spawn-process.js';
import { tempDir } from './temp-dir.js';

/** Whether a process runs; a dead one that nobody has reaped does not. */
async function isAlive(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return state !== undefined && !/\) [ZX]/.test(state);
}

describe(spawnProcess, () => {
  it('waits for the line that says it is ready, on either stream', async () => {
    await using process = await spawnProcess('sh', ['-c', 'echo starting; echo "ready on 17" >&2; exec sleep 60'], {
      ready: /ready on (\d+)/,
    });
    expect(process.isRunning).toBe(true);
    expect((await process.waitForOutput(/on (\d+)/))[1]).toBe('17');
    expect(process.output).toContain('starting');
  });

  it('runs the command itself under the pid it tells', async () => {
    await using process = await spawnProcess('sh', ['-c', 'echo "pid $$"; exec sleep 60']);
    expect((await process.waitForOutput(/pid (\d+)/))[1]).toBe(String(process.pid));
  });

  it('reports an end before readiness with the last words', async () => {
    const start = spawnProcess('sh', ['-c', 'echo out of luck; exit 3'], { name: 'luckless', ready: /ready/ });
    await expect(start).rejects.toMatchObject({ code: 'testing/process-failed' });
    await expect(start).rejects.toThrow(/luckless ended before printing .*out of luck/);
  });

  it('kills what is not ready in time', async () => {
    await using dir = await tempDir();
    const pidFile = join(dir.path, 'pid');
    const start = spawnProcess('sh', ['-c', `echo $$ > ${pidFile}; exec sleep 60`], {
      ready: /ready/,
      readyWithinMs: 300,
    });
    await expect(start).rejects.toMatchObject({ code: 'testing/wait-timeout' });
    expect(await isAlive(Number(await readFile(pidFile, 'utf8')))).toBe(false);
  });

  it('reports a command that does not exist', async () => {
    await expect(spawnProcess('/nonexistent/daemon', [], { ready: /ready/ })).rejects.toMatchObject({
      code: 'testing/process-failed',
    });
  });

  it('tells how it ended', async () => {
    const process = await spawnProcess('sh', ['-c', 'exit 7']);
    expect(await process.exited).toEqual({ code: 7, signal: null });
    const killed = await spawnProcess('sleep', ['60']);
    expect(await killed.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await killed.stop()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(killed.signal('SIGTERM')).toBe(false);
  });

  it('stops with the signal asked for', async () => {
    const script = 'trap "echo polite; exit 0" INT; echo ready; while :; do sleep 0.05; done';
    const process = await spawnProcess('sh', ['-c', script], { ready: /ready/, stopSignal: 'SIGINT' });
    expect(await process.stop()).toEqual({ code: 0, signal: null });
    expect(process.output).toContain('polite');
  });

  it('kills what does not stop in time, and says so', async () => {
    const process = await spawnProcess('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 0.05; done'], {
      ready: /ready/,
    });
    await expect(process.stop({ withinMs: 200 })).rejects.toMatchObject({ code: 'testing/wait-timeout' });
    expect(process.isRunning).toBe(false);
  });

  it.each(['process.kill(process.pid, "SIGKILL")', 'process.exit(1)'])(
    'leaves no orphan when the test process dies by %s',
    async (death) => {
      await using dir = await tempDir();
      await compileCore(dir.path);
      const script = `import { spawnProcess } from './spawn-process.js';
      const child = await spawnProcess('sleep', ['600']);
      process.stdout.write('child ' + child.pid + '\\n', () => { ${death}; });`;
      await writeFile(join(dir.path, 'main.js'), script);
      await using parent = await spawnProcess(process.execPath, ['main.js'], { cwd: dir.path, ready: /child \d+\n/ });
      const pid = Number((await parent.waitForOutput(/child (\d+)/))[1]);
      await parent.exited;
      await eventually(async () => expect(await isAlive(pid)).toBe(false));
    },
  );
});

/** The harness's core as plain JavaScript, since a bare node is to run it. */
async function compileCore(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'package.json'), '{ "type": "module" }');
  for (const file of await readdir(import.meta.dirname)) {
    if (!file.endsWith('.ts') || file.endsWith('.spec.ts')) continue;
    const { code } = await transformFile(join(import.meta.dirname, file), {
      swcrc: false,
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    });
    await writeFile(join(target, `${basename(file, '.ts')}.js`), code);
  }
}
