import { randomBytes } from 'node:crypto';
import { chown, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findBinary, versionedBinFolders } from '../core/find-binary.js';
import { freePort } from '../core/free-port.js';
import { runChecked, runCommand } from '../core/run-command.js';
import { spawnProcess, type SpawnedProcess } from '../core/spawn-process.js';
import { tempDir, type TempDir } from '../core/temp-dir.js';
import { ProcessFailedError, ServiceUnavailableError } from '../core/testing.errors.js';
import { databaseUrl, fastSettings, type PostgresInstance } from './postgres-instance.js';

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Makes a cluster in a temporary folder and serves it on a free port of 127.0.0.1.
 * @param more `name=value` for the server, above our own
 * @throws {ServiceUnavailableError} when PostgreSQL is not installed, saying what to install.
 */
export async function startPostgresProcess(more: readonly string[]): Promise<PostgresInstance> {
  const initdb = findBinary('initdb', versionedBinFolders('/usr/lib/postgresql'));
  if (initdb === undefined)
    throw new ServiceUnavailableError(
      'PostgreSQL is not installed: apt-get install postgresql (its server need not run)',
    );
  const account = process.getuid?.() === 0 ? await postgresAccount() : undefined;
  const dir = await tempDir('bailiff-pg-');
  try {
    const password = randomBytes(12).toString('hex');
    const passwordFile = join(dir.path, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (account !== undefined) {
      for (const path of [dir.path, passwordFile]) await chown(path, account.uid, account.gid);
    }
    const data = join(dir.path, 'data');
    const words = [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ];
    await runChecked(initdb, words, { ...account, cwd: dir.path });
    const bin = dirname(await realpath(initdb));
    const { server, port } = await serve(join(bin, 'postgres'), data, dir, account, more);
    return instance(bin, `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, server, dir);
  } catch (error) {
    await dir[Symbol.asyncDispose]();
    throw error;
  }
}

/** PostgreSQL refuses to run as root, so root lends it the account that Debian's package made. */
async function postgresAccount(): Promise<Account> {
  const [uid, gid] = await Promise.all([runCommand('id', ['-u', 'postgres']), runCommand('id', ['-g', 'postgres'])]);
  if (uid.exitCode !== 0 || gid.exitCode !== 0)
    throw new ServiceUnavailableError('PostgreSQL will not run as root, and there is no user "postgres"');
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** Tries with a new port when somebody took the free one in between. */
async function serve(
  postgres: string,
  data: string,
  dir: TempDir,
  account: Account | undefined,
  more: readonly string[],
): Promise<{ server: SpawnedProcess; port: number }> {
  for (let left = 5; ; left -= 1) {
    const port = await freePort();
    const settings = [
      ...fastSettings,
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'max_connections=50',
      'shared_buffers=32MB',
      ...more,
    ];
    const words = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    try {
      const server = await spawnProcess(postgres, words, {
        ...account,
        name: 'PostgreSQL',
        cwd: dir.path,
        ready: /database system is ready to accept connections/,
        stopSignal: 'SIGINT', // "fast": does not wait for clients to leave
      });
      return { server, port };
    } catch (error) {
      const isPortTaken = error instanceof ProcessFailedError && error.message.includes('Address already in use');
      if (!isPortTaken || left <= 1) throw error;
    }
  }
}

function instance(bin: string, url: string, server: SpawnedProcess, dir: TempDir): PostgresInstance {
  let databases = 0;
  const { hostname, port, username, password } = new URL(url);
  const stop = async (): Promise<void> => {
    await server.stop();
    await dir[Symbol.asyncDispose]();
  };
  return {
    url,
    backend: 'process',
    async createDatabase() {
      const name = `test_${(databases += 1)}`;
      const env = { ...process.env, PGPASSWORD: password };
      await runChecked(join(bin, 'createdb'), ['-h', hostname, '-p', port, '-U', username, name], { env });
      return databaseUrl(url, name);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
