import { appendFile, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { eventually } from '../core/eventually.js';
import { runCommand } from '../core/run-command.js';
import { spawnProcess, type SpawnedProcess } from '../core/spawn-process.js';
import { tempDir, type TempDir } from '../core/temp-dir.js';
import { HarnessMisuseError, ProcessFailedError, SystemServiceRefusedError } from '../core/testing.errors.js';
import {
  failureLineOf,
  fail2banPaths,
  jailLogPath,
  writeFail2banConfig,
  type Fail2banPaths,
} from './fail2ban-config.js';
import { installedFail2ban, type Fail2banInstallation } from './fail2ban-installation.js';
import type { Fail2banOptions, JailOptions } from './fail2ban-options.js';
import { runningJails } from './fail2ban-probe.js';
import type { Fail2banVersion } from './fail2ban-version.js';

/** Room in `sun_path` of a Unix socket address, with its closing zero. */
const maxSocketPathBytes = 107;
const systemFolders = ['/run/fail2ban', '/var/run/fail2ban', '/etc/fail2ban', '/var/lib/fail2ban'];

/** A real fail2ban server of our own. Make one with {@link startFail2ban}. */
export class Fail2banInstance implements AsyncDisposable {
  readonly version: Fail2banVersion;
  /** Folder of everything this instance reads and writes. */
  readonly dir: string;
  readonly configDir: string;
  readonly socketPath: string;
  readonly pidFile: string;
  readonly databasePath: string;
  /** The server's own log file. */
  readonly logPath: string;
  /** What the default action wrote down: lines `<jail> ban|unban <address>`. */
  readonly actionLogPath: string;
  /** The Python that runs this version. */
  readonly python: string;
  /** Environment additions (`PYTHONPATH`, and those given) under which that Python finds this version. */
  readonly env: Readonly<Record<string, string>>;
  readonly clientPath: string;
  #server: SpawnedProcess | undefined;
  #serial = 0;

  constructor(
    paths: Fail2banPaths,
    private readonly installation: Fail2banInstallation,
    private readonly options: Fail2banOptions,
    private readonly ownedDir: TempDir | undefined,
  ) {
    ({ dir: this.dir, configDir: this.configDir, socketPath: this.socketPath, pidFile: this.pidFile } = paths);
    ({ databasePath: this.databasePath, logPath: this.logPath, actionLogPath: this.actionLogPath } = paths);
    this.version = installation.version;
    this.python = installation.python;
    this.clientPath = installation.clientPath;
    this.env = { ...installation.pythonEnv, ...options.env };
  }

  /** Process id of the running server. @throws {ProcessFailedError} while it is stopped. */
  get pid(): number {
    if (this.#server?.isRunning !== true) throw new ProcessFailedError('This fail2ban is not running');
    return this.#server.pid;
  }

  get isRunning(): boolean {
    return this.#server?.isRunning === true;
  }

  /** Names of the jails it was made with. */
  get jails(): string[] {
    return Object.keys(this.options.jails);
  }

  /** Log file that the jail watches. */
  jailLogPath(jail: string): string {
    return jailLogPath(this.dir, jail, this.#jail(jail));
  }

  /** Appends `count` lines, dated now, that the jail's filter takes as failures of `address`. */
  async appendFailures(jail: string, address: string, count: number): Promise<void> {
    const line = failureLineOf(this.#jail(jail));
    if (line === undefined)
      throw new HarnessMisuseError(`No failure line is known for the filter of "${jail}": use appendLines`);
    const now = new Date();
    await this.appendLines(
      jail,
      Array.from({ length: count }, () => line(address, now, (this.#serial += 1))),
    );
  }

  /** Appends whole lines to the jail's log file, in one write. */
  async appendLines(jail: string, lines: readonly string[]): Promise<void> {
    await appendFile(this.jailLogPath(jail), lines.map((line) => `${line}\n`).join(''));
  }

  /**
   * Runs the real fail2ban-client on this server; answers its standard output without the last line break.
   * @throws {ProcessFailedError} when it exits with anything but 0.
   */
  async client(...words: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#run(words);
    if (exitCode !== 0) {
      throw new ProcessFailedError(
        `fail2ban-client ${words.join(' ')} ended with ${String(exitCode)}: ${(stderr + stdout).trim()}`,
      );
    }
    return stdout.replace(/\n$/, '');
  }

  /** Starts the server again in the same folders and waits until it answers with all enabled jails. Harmless when running. */
  async start(): Promise<void> {
    if (this.isRunning) return;
    const logStart = await stat(this.logPath).then(
      ({ size }) => size,
      () => 0,
    );
    const words = ['-c', this.configDir, '-s', this.socketPath, '-p', this.pidFile, '-xf', 'start'];
    const [command, ...args] = [
      ...(this.options.networkNamespace?.prefix ?? []),
      this.python,
      this.installation.serverPath,
      ...words,
    ];
    const server = await spawnProcess(command ?? this.python, args, {
      name: `fail2ban ${this.version}`,
      cwd: this.dir, // fail2ban prefers a package of that name in its working folder
      env: { ...process.env, ...this.env },
    });
    this.#server = server;
    try {
      await eventually(() => this.#isConfigured(server, logStart), {
        withinMs: 30_000,
        everyMs: 20,
        what: `fail2ban ${this.version} to start its jails`,
      });
      if (!server.isRunning)
        throw new ProcessFailedError(
          `fail2ban ${this.version} ended while starting: ${await this.#lastWords(server, logStart)}`,
        );
    } catch (error) {
      await server.kill();
      throw error;
    }
  }

  /** Asks the server to end (SIGTERM: it lifts its bans and keeps its database) and waits. */
  async stop(): Promise<void> {
    await this.#server?.stop({ withinMs: 60_000 });
  }

  /** SIGKILL, without any last word. */
  async kill(): Promise<void> {
    await this.#server?.kill();
  }

  /** A polite stop, then a start in the same folders. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.ownedDir?.[Symbol.asyncDispose]();
  }

  #jail(name: string): JailOptions {
    const jail = Object.hasOwn(this.options.jails, name) ? this.options.jails[name] : undefined;
    if (jail === undefined) throw new HarnessMisuseError(`This fail2ban was made without a jail "${name}"`);
    return jail;
  }

  #run(words: readonly string[]): ReturnType<typeof runCommand> {
    const target = ['-c', this.configDir, '-s', this.socketPath, '-p', this.pidFile];
    return runCommand(this.python, [this.clientPath, ...target, ...words], {
      cwd: this.dir,
      env: { ...process.env, ...this.env },
    });
  }

  /** True also when the server ended: there is nothing to wait for then. */
  async #isConfigured(server: SpawnedProcess, logStart: number): Promise<boolean> {
    if (!server.isRunning) return true;
    const enabled = this.jails.filter((name) => this.#jail(name).enabled !== false);
    const running = await runningJails(this.socketPath);
    if (enabled.some((name) => !running.includes(name))) return false;
    // The whole start-up is one command, so jails on show mean it ran; only the log tells that it ran to its end.
    const isLogged = ['INFO', 'DEBUG', 'TRACEDEBUG', 'HEAVYDEBUG'].includes(
      (this.options.loglevel ?? 'INFO').toUpperCase(),
    );
    if (!isLogged) return true;
    const log = await this.#logSince(logStart);
    return enabled.every((name) => log.includes(`Jail '${name}' started`));
  }

  async #logSince(start: number): Promise<string> {
    const log = await readFile(this.logPath).catch(() => Buffer.alloc(0));
    return log.subarray(log.length < start ? 0 : start).toString('utf8');
  }

  async #lastWords(server: SpawnedProcess, logStart: number): Promise<string> {
    return [server.output, await this.#logSince(logStart)].map((text) => text.trim().slice(-2_000)).join('\n');
  }
}

/**
 * Starts a real fail2ban with its own configuration, socket, pid file, database and logs in a folder of its own. It bans
 * for real but, unless a jail is given another action, only writes its bans down: no firewall is touched.
 * @throws {ServiceUnavailableError} when that version cannot be had here, saying what to do.
 * @throws {SystemServiceRefusedError} when it would sit in a folder of the machine's own fail2ban.
 * @throws {ProcessFailedError} when it does not come up, with its log.
 */
export async function startFail2ban(options: Fail2banOptions): Promise<Fail2banInstance> {
  const installation = await installedFail2ban(options.version ?? '1.0.2');
  const ownedDir = options.dir === undefined ? await shortTempDir() : undefined;
  try {
    const paths = fail2banPaths(await checkedDir(ownedDir?.path ?? options.dir ?? ''));
    await writeFail2banConfig(paths, options, installation);
    const instance = new Fail2banInstance(paths, installation, options, ownedDir);
    await instance.start();
    return instance;
  } catch (error) {
    await ownedDir?.[Symbol.asyncDispose]();
    throw error;
  }
}

/** A folder whose path leaves room for a socket's name, wherever TMPDIR points. */
async function shortTempDir(): Promise<TempDir> {
  const isShort = Buffer.byteLength(await realpath(tmpdir())) < 60;
  return tempDir('f2b-', isShort ? tmpdir() : '/tmp');
}

async function checkedDir(given: string): Promise<string> {
  await refuseSystemFolder(resolve(given)); // before it is made, and again once links in it are resolved
  await mkdir(given, { recursive: true });
  const dir = await realpath(given);
  await refuseSystemFolder(dir);
  if (Buffer.byteLength(fail2banPaths(dir).socketPath) > maxSocketPathBytes) {
    throw new HarnessMisuseError(`${dir} is too long a path for a Unix socket`);
  }
  return dir;
}

async function refuseSystemFolder(dir: string): Promise<void> {
  for (const folder of systemFolders) {
    for (const system of [folder, await realpath(folder).catch(() => folder)]) {
      if (dir === system || dir.startsWith(`${system}/`))
        throw new SystemServiceRefusedError(`${dir} belongs to the machine's own fail2ban`);
    }
  }
}
