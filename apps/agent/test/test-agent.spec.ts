import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  runChecked,
  spawnProcess,
  tempDir,
  type Fail2banInstance,
  type SpawnedProcess,
  type TempDir,
} from '@bailiff/testing';

const PACKAGE = join(import.meta.dirname, '..');
const MAIN = join(PACKAGE, 'dist/main.js');

/** Compiles the agent: these suites run it as the processes that operators run. */
export async function buildAgent(): Promise<void> {
  await runChecked(process.execPath, [join(PACKAGE, 'node_modules/typescript/bin/tsc'), '-b', 'tsconfig.app.json'], {
    cwd: PACKAGE,
    timeoutMs: 240_000,
  });
}

/** What one run of the command line said. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the agent's command line with text on its standard input. */
export function runAgentCli(args: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env['PATH'], ...env } });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

/** The agent as a process of its own, for a private fail2ban. */
export class TestAgent implements AsyncDisposable {
  #process: SpawnedProcess | undefined;

  private constructor(
    readonly dir: TempDir,
    readonly env: NodeJS.ProcessEnv,
  ) {}

  static async for(fail2ban: Fail2banInstance): Promise<TestAgent> {
    const dir = await tempDir('agent-');
    mkdirSync(join(dir.path, 'etc'), { mode: 0o700 });
    return new TestAgent(dir, {
      BAILIFF_AGENT_CONFIG_DIR: join(dir.path, 'etc'),
      BAILIFF_AGENT_STATE_DIR: join(dir.path, 'var'),
      BAILIFF_AGENT_FAIL2BAN_SOCKET: fail2ban.socketPath,
      BAILIFF_AGENT_FAIL2BAN_CONFIG_DIR: fail2ban.configDir,
      BAILIFF_AGENT_FAIL2BAN_CLIENT: fail2ban.clientPath,
      BAILIFF_AGENT_FAIL2BAN_PYTHON: fail2ban.python,
      BAILIFF_AGENT_READY_FILE: join(dir.path, 'ready.json'),
    });
  }

  get configDir(): string {
    return join(this.dir.path, 'etc');
  }

  get readyFile(): string {
    return join(this.dir.path, 'ready.json');
  }

  get process(): SpawnedProcess {
    if (this.#process === undefined) throw new Error('the agent was not started');
    return this.#process;
  }

  cli(args: readonly string[], input = ''): Promise<CliResult> {
    return runAgentCli(args, this.env, input);
  }

  async start(): Promise<void> {
    const env = { PATH: process.env['PATH'], ...this.env };
    this.#process = await spawnProcess(process.execPath, [MAIN, 'run'], { name: 'agent', env });
  }

  /** SIGKILL, without any last word. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  async stop(): Promise<void> {
    await this.#process?.stop({ withinMs: 10_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.dir[Symbol.asyncDispose]();
  }
}
