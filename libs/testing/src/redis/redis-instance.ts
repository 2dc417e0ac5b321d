import type { Backend } from '../core/backend.js';

/** Settings of `startRedis`. */
export interface RedisOptions {
  /** Lines of an ACL file, such as `user default off`. Without them everybody may do everything. */
  readonly aclFile?: readonly string[];
  /** Further words for the command line of redis-server. */
  readonly args?: readonly string[];
  /** Keeps an append-only file (written every second), so that a restart or crash finds the data again. */
  readonly persistent?: boolean;
  /** A free one unless told. */
  readonly port?: number;
  /** Existing folder to keep everything in; the caller then owns it. Not used in a container. */
  readonly dir?: string;
}

/** A real Redis of our own on 127.0.0.1. Restarted by `start()`, it has the same port and folder. */
export interface RedisInstance extends AsyncDisposable {
  /** `redis://127.0.0.1:<port>`, without credentials. */
  readonly url: string;
  readonly port: number;
  /** How it is run. */
  readonly backend: Backend;
  /** Its working folder, holding the append-only file and `users.acl`; a path inside the container when it runs in one. */
  readonly dir: string;
  /** The ACL file, when ACL lines were given. */
  readonly aclFilePath: string | undefined;
  /** Process id. @throws {ProcessFailedError} while it is stopped, or when it runs in a container. */
  readonly pid: number;
  readonly isRunning: boolean;
  /** Polite end; a persistent one loses nothing. Harmless when stopped. */
  stop(): Promise<void>;
  /** SIGKILL: a persistent one may lose its last second. */
  kill(): Promise<void>;
  /** Starts it again and waits until it takes connections. Harmless when running. */
  start(): Promise<void>;
}

/** Words of the command line that both backends share. */
export function redisSettings(
  { persistent = false, args = [] }: RedisOptions,
  aclFilePath: string | undefined,
): string[] {
  const settings = {
    save: '',
    appendonly: persistent ? 'yes' : 'no',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    ...(aclFilePath === undefined ? {} : { aclfile: aclFilePath }),
  };
  return [...Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]), ...args];
}

/** The ACL file's text. */
export const aclText = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** What redis-server prints once it takes connections. */
export const redisReady = /Ready to accept connections/;
