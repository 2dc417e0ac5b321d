import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { forcedBackend } from '../core/backend.js';
import { findBinary } from '../core/find-binary.js';
import { freePort } from '../core/free-port.js';
import { spawnProcess, type SpawnedProcess } from '../core/spawn-process.js';
import { tempDir, type TempDir } from '../core/temp-dir.js';
import { ProcessFailedError, ServiceUnavailableError } from '../core/testing.errors.js';

/** Settings of {@link startRedis}. */
export interface RedisOptions {
  /** Lines of an ACL file, such as `user default off`. Without them everybody may do everything. */
  readonly aclFile?: readonly string[];
  /** Further words for the command line of redis-server. */
  readonly args?: readonly string[];
  /** Keeps an append-only file (written every second), so that a restart or crash finds the data again. */
  readonly persistent?: boolean;
  /** A free one unless told. */
  readonly port?: number;
  /** Existing folder to keep everything in; the caller then owns it. */
  readonly dir?: string;
}

/** A real Redis of our own on 127.0.0.1. Restarted by `start()`, it has the same port and folder. */
export interface RedisInstance extends AsyncDisposable {
  /** `redis://127.0.0.1:<port>`, without credentials. */
  readonly url: string;
  readonly port: number;
  /** Its working folder, holding the append-only file and `users.acl`. */
  readonly dir: string;
  /** The ACL file, when ACL lines were given. */
  readonly aclFilePath: string | undefined;
  /** Process id. @throws {ProcessFailedError} while it is stopped. */
  readonly pid: number;
  readonly isRunning: boolean;
  /** Polite end; a persistent one loses nothing. Harmless when stopped. */
  stop(): Promise<void>;
  /** SIGKILL: a persistent one may lose its last second. */
  kill(): Promise<void>;
  /** Starts it again and waits until it takes connections. Harmless when running. */
  start(): Promise<void>;
}

/** Tries with a new port when somebody took the free one in between. */
const portTries = 5;

/**
 * Starts a real redis-server as a process of this machine.
 * @throws {ServiceUnavailableError} when there is no redis-server here, saying what to install.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisInstance> {
  if (forcedBackend() === 'container')
    throw new ServiceUnavailableError('startRedis runs a local redis-server only: unset TEST_BACKEND');
  const binary = findBinary('redis-server');
  if (binary === undefined)
    throw new ServiceUnavailableError('redis-server is not installed: apt-get install redis-server');
  const ownedDir = options.dir === undefined ? await tempDir('bailiff-redis-') : undefined;
  const dir = options.dir ?? ownedDir?.path ?? '';
  try {
    const aclFilePath = options.aclFile === undefined ? undefined : join(dir, 'users.acl');
    if (aclFilePath !== undefined)
      await writeFile(aclFilePath, `${(options.aclFile ?? []).join('\n')}\n`, { mode: 0o600 });
    for (let left = portTries; ; left -= 1) {
      const redis = new LocalRedis(binary, options.port ?? (await freePort()), dir, aclFilePath, options, ownedDir);
      try {
        await redis.start();
        return redis;
      } catch (error) {
        const isPortTaken = error instanceof ProcessFailedError && error.message.includes('Address already in use');
        if (!isPortTaken || options.port !== undefined || left <= 1) throw error;
      }
    }
  } catch (error) {
    await ownedDir?.[Symbol.asyncDispose]();
    throw error;
  }
}

class LocalRedis implements RedisInstance {
  #server: SpawnedProcess | undefined;

  constructor(
    private readonly binary: string,
    readonly port: number,
    readonly dir: string,
    readonly aclFilePath: string | undefined,
    private readonly options: RedisOptions,
    private readonly ownedDir: TempDir | undefined,
  ) {}

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    if (this.#server?.isRunning !== true) throw new ProcessFailedError('This Redis is not running');
    return this.#server.pid;
  }

  get isRunning(): boolean {
    return this.#server?.isRunning === true;
  }

  async start(): Promise<void> {
    if (this.isRunning) return;
    const { persistent = false, args = [] } = this.options;
    const settings = {
      port: String(this.port),
      bind: '127.0.0.1',
      dir: this.dir,
      save: '',
      appendonly: persistent ? 'yes' : 'no',
      appendfsync: 'everysec',
      'maxmemory-policy': 'noeviction',
      ...(this.aclFilePath === undefined ? {} : { aclfile: this.aclFilePath }),
    };
    const words = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]);
    this.#server = await spawnProcess(this.binary, [...words, ...args], {
      name: 'redis-server',
      cwd: this.dir,
      ready: /Ready to accept connections/,
    });
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  async kill(): Promise<void> {
    await this.#server?.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.ownedDir?.[Symbol.asyncDispose]();
  }
}
