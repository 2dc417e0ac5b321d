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

describe(startPostgres, () => {
  const backend = process.env['TEST_BACKEND'];
  afterEach(() => {
    if (backend === undefined) delete process.env['TEST_BACKEND'];
    else process.env['TEST_BACKEND'] = backend;
  });

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

  it('falls back to a process when nothing answers where an engine should be, unless a container is a must', async () => {
    const host = process.env['DOCKER_HOST'];
    process.env['DOCKER_HOST'] = 'unix:///nonexistent/docker.sock';
    try {
      delete process.env['TEST_BACKEND'];
      await using postgres = await startPostgres();
      expect(postgres.backend).toBe('process');
      process.env['TEST_BACKEND'] = 'container';
      await expect(startPostgres()).rejects.toMatchObject({ code: 'testing/service-unavailable' });
    } finally {
      if (host === undefined) delete process.env['DOCKER_HOST'];
      else process.env['DOCKER_HOST'] = host;
    }
  });
});
