import { describe, expect, it } from '@jest/globals';
import { runChecked, runCommand } from './run-command.js';

describe(runCommand, () => {
  it('answers both streams and the exit code, whatever it is', async () => {
    expect(await runCommand('sh', ['-c', 'cat; echo err >&2; exit 4'], { input: 'in' })).toEqual({
      exitCode: 4,
      stdout: 'in',
      stderr: 'err\n',
    });
  });

  it('kills a command that takes too long', async () => {
    expect((await runCommand('sleep', ['60'], { timeoutMs: 50 })).exitCode).toBeNull();
  });

  it('reports a command that does not exist', async () => {
    await expect(runCommand('/nonexistent/tool', [])).rejects.toMatchObject({ code: 'testing/process-failed' });
  });
});

describe(runChecked, () => {
  it('answers standard output', async () => {
    expect(await runChecked('echo', ['hello'])).toBe('hello\n');
  });

  it('throws the command’s own words', async () => {
    await expect(runChecked('sh', ['-c', 'echo no disk >&2; exit 5'])).rejects.toThrow(/ended with 5: no disk/);
  });
});
