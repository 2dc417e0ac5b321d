import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  eventually,
  type Fail2banInstance,
  type SpawnedProcess,
  spawnProcess,
  type TempDir,
  tempDir,
} from '@bailiff/testing';
import { ApiClient } from './api-client.js';

/** Discards what comes, if it is there at all. */
const NOBODY = 'http://127.0.0.1:9/';

/** Processes of a running stack that a test may kill. */
export type StackProcess = 'gateway' | 'worker' | 'agent' | 'redis';

interface Summary {
  readonly url: string;
  readonly setupToken: string | null;
  readonly pids: Readonly<Partial<Record<StackProcess, number>>>;
}

/** Root of the checkout. */
export const repository = resolve(import.meta.dirname, '../../../..');
/** Password of every stack the tests set up. */
export const PASSWORD = 'correct horse battery staple';

/** SHA-256 as the browser makes it. */
export const digest = (password: string): string => createHash('sha256').update(password).digest('hex');

/** A whole Bailiff as an administrator starts it, `./bailiff up`, for a private fail2ban. */
export class BailiffStack implements AsyncDisposable {
  private constructor(
    private readonly process: SpawnedProcess,
    private readonly dir: TempDir,
    readonly url: string,
    readonly setupToken: string | null,
  ) {}

  /** Starts everything and waits until it serves. Nothing is set up yet: see {@link setUp}. */
  static async start(
    fail2ban: Fail2banInstance,
    options: { readonly env?: NodeJS.ProcessEnv } = {},
  ): Promise<BailiffStack> {
    const dir = await tempDir('bailiff-e2e-');
    const args = ['up', '--no-build', '--json', '--port', '0', '--data-dir', join(dir.path, 'data')];
    const process = await spawnProcess(join(repository, 'bailiff'), args, {
      name: './bailiff up',
      cwd: repository,
      env: {
        ...callersEnvironment(),
        ...anotherWebApp(),
        BAILIFF_AGENT_FAIL2BAN_SOCKET: fail2ban.socketPath,
        BAILIFF_AGENT_FAIL2BAN_CONFIG_DIR: fail2ban.configDir,
        BAILIFF_AGENT_FAIL2BAN_CLIENT: fail2ban.clientPath,
        BAILIFF_AGENT_FAIL2BAN_PYTHON: fail2ban.python,
        // Pages of public addresses look them up: no suite asks a real registry.
        BAILIFF_WORKER_RDAP_BOOTSTRAP_URL: NOBODY,
        ...options.env,
      },
      ready: /^\{.*"url".*\}$/m,
      readyWithinMs: 90_000,
    });
    const line = /^\{.*"url".*\}$/m.exec(process.output)?.[0] ?? '{}';
    const summary = JSON.parse(line) as Summary;
    return new BailiffStack(process, dir, summary.url, summary.setupToken);
  }

  /** Folder with the database, keys and logs. */
  get dataDir(): string {
    return join(this.dir.path, 'data');
  }

  /** Goes through setup over the API and signs in. The agent of this machine is kept unless told otherwise. */
  async setUp({ useLocalHost = true } = {}): Promise<ApiClient> {
    const api = new ApiClient(this.url);
    const headers = { 'X-Bailiff-Setup-Token': this.setupToken ?? '' };
    const status = await api.get<{ proposal: { database: object & { kind: string; location: string } } }>(
      '/api/setup',
      headers,
    );
    await api.post(
      '/api/setup',
      {
        passwordDigest: digest(PASSWORD),
        database: { kind: status.proposal.database.kind, location: status.proposal.database.location },
        preferences: {
          timeZone: 'Europe/Zurich',
          dateFormat: 'iso',
          sessionDurationSeconds: 3600,
          sessionMode: 'sliding',
          mapThresholds: { low: 20, medium: 50, high: 100 },
        },
        useLocalHost,
      },
      headers,
    );
    await api.signIn(digest(PASSWORD));
    return api;
  }

  /** What the host's administrator does to let the console read log files below a folder. */
  async letLogsBeRead(root: string): Promise<void> {
    const path = join(this.dataDir, 'agent/config/policy.json');
    const policy = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...policy, logRoots: [root] }));
  }

  /** Process id as of now; it changes when the supervisor starts a process again. */
  async pidOf(name: StackProcess): Promise<number> {
    return eventually(
      async () => {
        const { pids } = JSON.parse(await readFile(join(this.dataDir, 'run.json'), 'utf8')) as Summary;
        const pid = pids[name];
        if (pid === undefined) throw new Error(`${name} does not run`);
        return pid;
      },
      { withinMs: 30_000, what: `${name} to run` },
    );
  }

  /** kill -9. The supervisor starts the process again. */
  async kill(name: StackProcess): Promise<void> {
    const pid = await this.pidOf(name);
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // It had just been killed and is not recorded anew yet: dead is what was asked for.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Waits until a process killed before runs under another id. */
  async restarted(name: StackProcess, formerPid: number): Promise<void> {
    await eventually(async () => (await this.pidOf(name)) !== formerPid, {
      withinMs: 60_000,
      what: `${name} to be started again`,
    });
  }

  /** Ends everything it started. `E2E_KEEP_DATA=1` leaves the folder with its logs, to look into a failure. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.stop({ withinMs: 60_000 });
    if (globalThis.process.env['E2E_KEEP_DATA'] === '1') await rename(this.dataDir, `${this.dir.path}-kept`);
    await this.dir[Symbol.asyncDispose]();
  }
}

/** Settings of the caller's own installation must not reach a stack under test, which refuses unknown ones besides. */
function callersEnvironment(): NodeJS.ProcessEnv {
  const isOurs = (name: string): boolean => /^(BAILIFF_|DATABASE_URL|REDIS_URL)/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)));
}

/** `E2E_WEB_DIR` names another build of the web app than `apps/web/dist`, which may be rebuilt during a long run. */
function anotherWebApp(): NodeJS.ProcessEnv {
  const dir = process.env['E2E_WEB_DIR'];
  return dir === undefined ? {} : { BAILIFF_GATEWAY_WEB_DIR: dir };
}
