import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { runCommand } from '../core/run-command.js';
import type { PostgresInstance } from './postgres-instance.js';
import { startPostgres } from './start-postgres.js';

/** What psql prints for one statement, unaligned, or why it could not. */
async function query(url: string, statement: string): Promise<string> {
  const { stdout, stderr } = await runCommand('psql', [url, '-AXtc', statement]);
  return (stdout + stderr).trim();
}

const environment = { ...process.env };
afterEach(() => {
  for (const name of ['TEST_BACKEND', 'TEST_POSTGRES_IMAGE', 'DOCKER_HOST']) delete process.env[name];
  Object.assign(process.env, environment);
});

describe(startPostgres, () => {
  it('serves an empty database that takes tables and rows', async () => {
    await using postgres = await startPostgres();
    expect(
      await query(
        postgres.url,
        "create table ban (ip inet); insert into ban values (inet '192.0.2.1'); select ip from ban",
      ),
    ).toContain('192.0.2.1');
  });

  it('makes further databases that know nothing of each other', async () => {
    await using postgres = await startPostgres();
    const [one, two] = [await postgres.createDatabase(), await postgres.createDatabase()];
    await query(one, 'create table ban (ip inet)');
    expect(await query(one, 'select count(*) from ban')).toBe('0');
    expect(await query(two, 'select count(*) from ban')).toContain('does not exist');
  });

  it('asks for the password', async () => {
    await using postgres = await startPostgres();
    const url = new URL(postgres.url);
    url.password = 'wrong';
    expect(await query(url.href, 'select 1')).toContain('password authentication failed');
  });

  it('is gone after its scope', async () => {
    let gone: PostgresInstance;
    {
      await using postgres = await startPostgres();
      gone = postgres;
    }
    await expect(once(connect(Number(new URL(gone.url).port), new URL(gone.url).hostname), 'connect')).rejects.toThrow(
      'ECONNREFUSED',
    );
  });

  it('falls back to a process when no container can be had, unless a container is a must', async () => {
    process.env['DOCKER_HOST'] ??= 'unix:///nonexistent/docker.sock';
    process.env['TEST_POSTGRES_IMAGE'] = 'localhost:1/nonexistent:0';
    delete process.env['TEST_BACKEND'];
    await using postgres = await startPostgres();
    expect(postgres.backend).toBe('process');
    process.env['TEST_BACKEND'] = 'container';
    await expect(startPostgres()).rejects.toMatchObject({ code: 'testing/service-unavailable' });
  });

  it('refuses a backend that it does not know', async () => {
    process.env['TEST_BACKEND'] = 'cloud';
    await expect(startPostgres()).rejects.toMatchObject({ code: 'testing/misuse' });
  });
});
