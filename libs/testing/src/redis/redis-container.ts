import {
  GenericContainer,
  getContainerRuntimeClient,
  Wait,
  type ContainerRuntimeClient,
  type StartedTestContainer,
} from 'testcontainers';
import { connect } from 'node:net';
import { eventually } from '../core/eventually.js';
import { freePort } from '../core/free-port.js';
import { ProcessFailedError } from '../core/testing.errors.js';
import { aclText, redisReady, redisSettings, type RedisInstance, type RedisOptions } from './redis-instance.js';

/** The official image, or what `TEST_REDIS_IMAGE` names where another registry must serve it. */
const image = (): string => process.env['TEST_REDIS_IMAGE'] ?? 'redis:7-bookworm';
const dataFolder = '/data';

type ContainerHandle = ReturnType<ContainerRuntimeClient['container']['getById']>;

/** @throws whatever testcontainers throws when no engine answers or the image cannot be had. */
export async function startRedisContainer(options: RedisOptions): Promise<RedisInstance> {
  const aclFilePath = options.aclFile === undefined ? undefined : `${dataFolder}/users.acl`;
  const port = options.port ?? (await freePort());
  const words = ['redis-server', '--dir', dataFolder, '--protected-mode', 'no', ...redisSettings(options, aclFilePath)];
  const acl = { content: aclText(options.aclFile ?? []), mode: 0o666 }; // Redis's own user must be able to save it
  const files = aclFilePath === undefined ? [] : [{ ...acl, target: aclFilePath }];
  const container = await new GenericContainer(image())
    .withCopyContentToContainer(files)
    .withCommand(words)
    .withExposedPorts({ container: 6379, host: port }) // a fixed one, so that it is the same after a restart
    .withWaitStrategy(Wait.forLogMessage(redisReady))
    .start();
  return new ContainerRedis(container, port, aclFilePath);
}

class ContainerRedis implements RedisInstance {
  readonly backend = 'container';
  readonly dir = dataFolder;
  isRunning = true;

  constructor(
    private readonly container: StartedTestContainer,
    readonly port: number,
    readonly aclFilePath: string | undefined,
  ) {}

  get url(): string {
    return `redis://${this.container.getHost()}:${this.port}`;
  }

  get pid(): number {
    throw new ProcessFailedError('This Redis runs in a container: it has no process id here');
  }

  async start(): Promise<void> {
    if (this.isRunning) return;
    await (await this.#handle()).start();
    await eventually(() => this.#answers(), { withinMs: 30_000, what: 'Redis to answer again' });
    this.isRunning = true;
  }

  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.isRunning = false;
    await (await this.#handle()).stop({ t: 10 });
  }

  async kill(): Promise<void> {
    if (!this.isRunning) return;
    this.isRunning = false;
    await (await this.#handle()).kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isRunning = false;
    await (await this.#handle()).remove({ force: true, v: true });
  }

  /** The engine's own handle: testcontainers' `stop` works once only, and it knows no `kill`. */
  async #handle(): Promise<ContainerHandle> {
    return (await getContainerRuntimeClient()).container.getById(this.container.getId());
  }

  /** Any reply will do, an ACL error too: the engine's port forwarder accepts before Redis does. */
  #answers(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, this.container.getHost());
      const fail = (): void => {
        reject(new ProcessFailedError('Redis does not answer'));
      };
      socket.once('data', () => {
        socket.removeAllListeners('close');
        socket.destroy();
        resolve();
      });
      socket.once('error', fail).once('close', fail).write('PING\r\n');
    });
  }
}
