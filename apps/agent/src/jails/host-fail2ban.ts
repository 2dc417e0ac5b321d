import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { AgentError } from '../state/agent.error.js';
import { type ConfigStream, readCompiled } from './config-stream.js';

/** The host's own fail2ban, as programs. */
export interface HostFail2banOptions {
  readonly configDir: string;
  readonly pythonPath: string;
  readonly clientPath: string;
  readonly socketPath: string;
}

/** fail2ban would not take the configuration: its own words. Nothing was changed. */
export class ConfigurationRefusedError extends AgentError {
  constructor(words: string) {
    super('config/refused', 'user', `fail2ban refuses the configuration; nothing was changed. It says: ${words}`);
  }
}

/** How one run of fail2ban-client ended. */
export interface ClientRun {
  readonly isOk: boolean;
  /** What it said, without the lines that only repeat themselves. */
  readonly words: string;
  readonly durationMs: number;
}

const PYTHON = join(import.meta.dirname, '../../python');
const COMPILE_MS = 30_000;
const TEST_MS = 60_000;
/** A reload of many bans takes as long as their actions take. */
const CLIENT_MS = 3 * 3_600_000;
const MAX_BYTES = 16 << 20;
const MAX_WORDS = 8_000;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs the host's own fail2ban where a verdict or a compiled configuration is needed: fixed arguments, no shell, time limits. */
export class HostFail2ban {
  constructor(private readonly options: HostFail2banOptions) {}

  get configDir(): string {
    return this.options.configDir;
  }

  /** What a reload would send: of one jail, or of all. @throws {ConfigurationRefusedError} when there is no telling */
  compile(jail?: string): Promise<ConfigStream> {
    return this.#compile(jail === undefined ? ['all'] : ['reload', jail]);
  }

  /** A jail's own part of the configuration, as if it were enabled. @throws {ConfigurationRefusedError} */
  show(jail: string): Promise<ConfigStream> {
    return this.#compile(['show', jail]);
  }

  /** `fail2ban-client -t`. It compiles no regexes. */
  test(): Promise<ClientRun> {
    return this.#client(['-t'], TEST_MS);
  }

  /** `fail2ban-client reload …`. @param words flags and at most one jail, which was checked */
  reload(words: readonly string[], signal?: AbortSignal): Promise<ClientRun> {
    return this.#client(['reload', ...words], CLIENT_MS, signal);
  }

  /** Stops and starts the server, by the service manager where it runs the service. */
  async restartServer(): Promise<ClientRun> {
    if (await this.isSystemdService())
      return this.#run('/usr/bin/systemctl', ['restart', 'fail2ban.service'], { PATH }, CLIENT_MS);
    return this.#client(['restart'], CLIENT_MS);
  }

  /** Why the server must not be restarted from here; undefined when it may: someone else's child would not come back as theirs. */
  async whyNotRestart(): Promise<string | undefined> {
    if (await this.isSystemdService()) return undefined;
    const { pythonPath, socketPath } = this.options;
    const args = ['-I', join(PYTHON, 'server_parent.py'), socketPath];
    const { isOk, words } = await this.#run(pythonPath, args, {}, 10_000, undefined, true);
    const { pid, parent } = isOk ? (JSON.parse(words) as { pid: number; parent: number }) : { pid: 0, parent: 0 };
    if (isOk && parent === 1 && pid !== 1) return undefined;
    if (!isOk) return `It cannot be told who runs fail2ban: ${words}`;
    return `Process ${parent || 'of the container'} runs this fail2ban (process ${pid}): restart it there. "Restart all jails" does the same for bans and settings`;
  }

  /** Whether systemd runs the fail2ban behind our socket. */
  async isSystemdService(): Promise<boolean> {
    if (!/^(?:\/var)?\/run\/fail2ban\/fail2ban\.sock$/.test(this.options.socketPath)) return false;
    const words = ['is-active', '--quiet', 'fail2ban.service'];
    return (await this.#run('/usr/bin/systemctl', words, { PATH }, 10_000)).isOk;
  }

  async #compile(words: readonly string[]): Promise<ConfigStream> {
    const { configDir, clientPath, pythonPath } = this.options;
    const args = ['-I', join(PYTHON, 'jail_config.py'), configDir, clientPath, ...words];
    const { isOk, words: text } = await this.#run(pythonPath, args, {}, COMPILE_MS, undefined, true);
    if (!isOk) throw new ConfigurationRefusedError(text.trim().split('\n').at(-1) ?? 'no answer');
    return readCompiled(text);
  }

  #client(words: readonly string[], timeoutMs: number, signal?: AbortSignal): Promise<ClientRun> {
    const { configDir, clientPath, pythonPath, socketPath } = this.options;
    const args = ['-I', join(PYTHON, 'run_client.py'), clientPath, '-c', configDir, '-s', socketPath, ...words];
    return this.#run(pythonPath, args, { PATH }, timeoutMs, signal);
  }

  #run(
    program: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    timeout: number,
    signal?: AbortSignal,
    isRaw = false,
  ): Promise<ClientRun> {
    const startedMs = performance.now();
    const options = { env, cwd: '/', timeout, killSignal: 'SIGKILL' as const, maxBuffer: MAX_BYTES };
    return new Promise((resolve) => {
      execFile(program, [...args], { ...options, ...(signal && { signal }) }, (error, stdout, stderr) => {
        const durationMs = performance.now() - startedMs;
        const isOk = error === null;
        if (isRaw && isOk) return resolve({ isOk, words: stdout, durationMs });
        const said = tidy(`${stderr}\n${stdout}`);
        resolve({ isOk, words: isOk || said !== '' ? said : (error?.message ?? 'failed'), durationMs });
      });
    });
  }
}

/** fail2ban-client's words without time stamps, loggers and repetitions; its errors first. */
function tidy(text: string): string {
  const head = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} fail2ban\S*\s+\[\d+\]: (\w+)\s+/;
  const lines = text.split('\n').flatMap((line) => {
    const match = head.exec(line);
    const words = line.replace(head, '').trimEnd();
    // `NOK: (…)` repeats the message as Python writes it.
    return words === '' || words.startsWith('NOK: (') ? [] : [{ isWarning: match?.[1] === 'WARNING', words }];
  });
  const errors = lines.filter(({ isWarning }) => !isWarning);
  const chosen = errors.length > 0 ? errors : lines;
  const unique = [...new Set(chosen.map(({ words }) => words))].join('\n').trim();
  return (unique === '' ? text.trim() : unique).slice(0, MAX_WORDS);
}
