import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HEADERS } from '@bailiff/contracts/http';
import {
  eventually,
  type RedisInstance,
  type SpawnedProcess,
  spawnProcess,
  startRedis,
  tempDir,
  type TempDir,
} from '@bailiff/testing';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import { DIGEST } from '../test/gateway-harness.spec.js';
import { defaultPreferences } from './settings/default-preferences.js';

/** The built program: what is tested here is that it runs as it is shipped, outside of Jest's module loader. */
const MAIN = join(import.meta.dirname, '..', 'dist', 'main.js');

interface Ready {
  readonly url: string;
  readonly port: number;
  readonly setupToken: string | null;
  readonly pid: number;
}

describe('dist/main.js', () => {
  let redis: RedisInstance;
  let dir: TempDir;
  let started: SpawnedProcess[] = [];
  beforeAll(async () => void (redis = await startRedis()));
  afterAll(() => redis.stop());
  beforeEach(async () => void (dir = await tempDir('bailiff-main-')));
  afterEach(async () => {
    for (const gateway of started) await gateway.kill();
    started = [];
    await dir[Symbol.asyncDispose]();
  });
  const readyFile = () => join(dir.path, 'ready.json');

  const spawn = async (env: Record<string, string> = {}): Promise<SpawnedProcess> => {
    const gateway = await spawnProcess(process.execPath, [MAIN], {
      name: 'gateway',
      env: {
        PATH: process.env['PATH'],
        BAILIFF_GATEWAY_PORT: '0',
        BAILIFF_GATEWAY_DATA_DIR: join(dir.path, 'data'),
        BAILIFF_GATEWAY_READY_FILE: readyFile(),
        BAILIFF_LOG_LEVEL: 'warn',
        REDIS_URL: redis.url,
        BAILIFF_EDGE_REDIS_URL: redis.url,
        BAILIFF_EDGE_PROVISION_REDIS_URL: redis.url,
        BAILIFF_EDGE_PUBLIC_URL: redis.url,
        ...env,
      },
    });
    started.push(gateway);
    return gateway;
  };
  const ready = (gateway: SpawnedProcess): Promise<Ready> =>
    eventually(
      async () => {
        const text = await readFile(readyFile(), 'utf8').catch(() => '{}');
        const state = JSON.parse(text) as Partial<Ready>;
        if (state.pid !== gateway.pid) throw new Error(`not ready: ${gateway.output.slice(-2000)}`);
        return state as Ready;
      },
      { withinMs: 20_000 },
    );

  it('was built', () => {
    expect(existsSync(MAIN)).toBe(true);
  });

  it('starts, tells where it is and the setup token, and ends in time when told to', async () => {
    const gateway = await spawn();
    const { url, port, setupToken } = await ready(gateway);
    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect((await stat(readyFile())).mode & 0o777).toBe(0o600);
    expect(gateway.output).toContain(`${url}/setup?token=${setupToken}`);
    const health = await fetch(`${url}/api/health`);
    expect(await health.json()).toMatchObject({ status: 'ok', setup: 'required' });
    const data = join(dir.path, 'data');
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    expect((await stat(join(data, 'bailiff.db'))).mode & 0o077).toBe(0);
    process.kill(gateway.pid, 'SIGTERM');
    // Past its deadline it would have ended itself with another code.
    expect(await gateway.exited).toEqual({ code: 0, signal: null });
  });

  it('writes its log to standard output in debug mode too, where others may listen besides', async () => {
    const gateway = await spawn({ BAILIFF_LOG_LEVEL: 'debug' });
    const { url } = await ready(gateway);
    await fetch(`${url}/api/health/live`);
    await eventually(() => gateway.output.includes('"path":"/api/health/live"'), { what: 'the line of the request' });
  });

  it('keeps the setup token as a hash only', async () => {
    const gateway = await spawn();
    const { setupToken } = await ready(gateway);
    const bytes = await readFile(join(dir.path, 'data', 'bailiff.db'), 'latin1');
    const journal = await readFile(join(dir.path, 'data', 'bailiff.db-wal'), 'latin1').catch(() => '');
    expect(setupToken).toMatch(/^[\w-]{43}$/);
    expect(bytes + journal).not.toContain(setupToken);
  });

  it.each([
    [{ BAILIFF_GATEWAY_PORT: 'http' }, 'BAILIFF_GATEWAY_PORT'],
    [{ BAILIFF_GATEWAY_DATA_DIR: 'relative' }, 'BAILIFF_GATEWAY_DATA_DIR'],
    [{ REDIS_URL: 'http://127.0.0.1' }, 'REDIS_URL'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
    [{ BAILIFF_GATEWAY_TRUSTED_PROXIES: '10.0.0.0/8,everyone' }, 'BAILIFF_GATEWAY_TRUSTED_PROXIES'],
    [{ BAILIFF_GATEWAY_PROT: '1' }, 'BAILIFF_GATEWAY_PROT'],
    [{ BAILIFF_LOG_LEVEL: 'loud' }, 'BAILIFF_LOG_LEVEL'],
  ])(
    'refuses to start with %j and names the variable',
    async (env, variable) => {
      const gateway = await spawn(env);
      expect(await gateway.exited).toEqual({ code: 1, signal: null });
      expect(gateway.output).toContain(variable);
      expect(gateway.output).not.toMatch(/\n\s+at /);
    },
    30_000,
  );

  it('says in words why its database can not be used, without the password', async () => {
    const gateway = await spawn({ DATABASE_URL: 'postgres://someone:hunter2@127.0.0.1:1/x' });
    expect((await gateway.exited).code).toBe(1);
    expect(gateway.output).toContain('Nothing answers at that host and port.');
    expect(gateway.output).not.toContain('hunter2');
  });

  it('starts while Redis is away', async () => {
    const nowhere = 'redis://127.0.0.1:1';
    const gateway = await spawn({
      REDIS_URL: nowhere,
      BAILIFF_EDGE_REDIS_URL: nowhere,
      BAILIFF_EDGE_PROVISION_REDIS_URL: nowhere,
    });
    const { url } = await ready(gateway);
    expect(await (await fetch(`${url}/api/health`)).json()).toMatchObject({ status: 'degraded' });
    process.kill(gateway.pid, 'SIGTERM');
    expect((await gateway.exited).code).toBe(0);
  });

  it('is set up or can be set up again, whenever it is killed during setup', async () => {
    const request = {
      passwordDigest: DIGEST,
      database: { kind: 'sqlite', location: join(dir.path, 'data', 'elsewhere.db') },
      preferences: { ...defaultPreferences(), timeZone: 'Asia/Tokyo' },
    };
    const post = (url: string, path: string, body: object, headers: Record<string, string> = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    let gateway = await spawn();
    let state = await ready(gateway);
    let attempts = 0;
    while (state.setupToken !== null && attempts < 12) {
      attempts += 1;
      const answer = post(state.url, '/api/setup', request, { [HEADERS.setupToken]: state.setupToken }).catch(
        () => undefined,
      );
      // The last attempts may finish: the test must end with a gateway that is set up.
      if (attempts < 10) await sleep(randomInt(0, 120));
      else await answer;
      await gateway.kill();
      await answer;
      gateway = await spawn();
      state = await ready(gateway);
      const health = (await (await fetch(`${state.url}/api/health`)).json()) as { setup: string };
      expect(health.setup).toBe(state.setupToken === null ? 'complete' : 'required');
      const login = await post(state.url, '/api/v1/session', { passwordDigest: DIGEST });
      expect(login.status).toBe(state.setupToken === null ? 204 : 423);
    }
    expect(state.setupToken).toBeNull();
    expect(existsSync(request.database.location)).toBe(true);
  });
});
