import { randomBytes } from 'node:crypto';
import { GenericContainer, Wait } from 'testcontainers';
import { ProcessFailedError } from '../core/testing.errors.js';
import { databaseUrl, fastSettings, type PostgresInstance } from './postgres-instance.js';

/** The official image, or what `TEST_POSTGRES_IMAGE` names where another registry must serve it. */
const image = (): string => process.env['TEST_POSTGRES_IMAGE'] ?? 'postgres:15-bookworm';

/**
 * @param settings `name=value` for the server, above our own
 * @throws whatever testcontainers throws when no engine answers or the image cannot be had.
 */
export async function startPostgresContainer(settings: readonly string[]): Promise<PostgresInstance> {
  const password = randomBytes(12).toString('hex');
  const container = await new GenericContainer(image())
    .withEnvironment({ POSTGRES_PASSWORD: password })
    .withExposedPorts(5432)
    .withCommand(['postgres', ...[...fastSettings, ...settings].flatMap((setting) => ['-c', setting])])
    // The server that only initialises the data listens on its Unix socket alone, so TCP means the real one.
    .withWaitStrategy(Wait.forSuccessfulCommand('pg_isready -h 127.0.0.1 -U postgres'))
    .withStartupTimeout(120_000)
    .start();
  const url = `postgres://postgres:${password}@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
  let databases = 0;
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await container.stop({ timeout: 0 });
  };
  return {
    url,
    backend: 'container',
    async createDatabase() {
      const name = `test_${(databases += 1)}`;
      const words = ['env', `PGPASSWORD=${password}`, 'createdb', '-h', '127.0.0.1', '-U', 'postgres', name];
      const { exitCode, output } = await container.exec(words);
      if (exitCode !== 0) throw new ProcessFailedError(`createdb ended with ${exitCode}: ${output}`);
      return databaseUrl(url, name);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
