import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../core/free-port.js';
import { spawnProcess, type SpawnedProcess } from '../core/spawn-process.js';
import { tempDir, type TempDir } from '../core/temp-dir.js';
import { ProcessFailedError } from '../core/testing.errors.js';
import { aclText, redisReady, redisSettings, type RedisInstance, type RedisOptions } from './redis-instance.js';

/** Tries with a new port when somebody took the free one in between. */
const portTries = 5;

/** Runs the redis-server at `binary` as a process of this machine. */
export async function startRedisProcess(binary: string, options: RedisOptions): Promise<RedisInstance> {
  const ownedDir = options.dir === undefined ? await tempDir('bailiff-redis-') : undefined;
  const dir = options.dir ?? ownedDir?.path ?? '';
  try {
    const aclFilePath = options.aclFile === undefined ? undefined : join(dir, 'users.acl');
    if (aclFilePath !== undefined) await writeFile(aclFilePath, aclText(options.aclFile ?? []), { mode: 0o600 });
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
  readonly backend = 'process';
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
    const words = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.dir];
    this.#server = await spawnProcess(this.binary, [...words, ...redisSettings(this.options, this.aclFilePath)], {
      name: 'redis-server',
      cwd: this.dir,
      ready: redisReady,
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
