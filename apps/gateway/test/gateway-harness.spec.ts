import { createHash } from 'node:crypto';
import { HEADERS, SESSION_COOKIE, type SetupProposal, type SetupRequest } from '@bailiff/contracts/http';
import type { Database } from '@bailiff/persistence';
import { type RedisInstance, startRedis, tempDir, type TempDir } from '@bailiff/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import supertest from 'supertest';
import { openDatabase } from '../src/core/database.provider.js';
import { createApp } from '../src/create-app.js';
import { GatewayConfig } from '../src/gateway.config.js';
import { defaultPreferences } from '../src/settings/default-preferences.js';
import { SetupToken } from '../src/setup/setup-token.js';

export const DIGEST = digest('correct horse battery staple');
/** Headers of a request that a script on our own page makes. */
export const OWN_PAGE = { [HEADERS.request]: '1', 'Sec-Fetch-Site': 'same-origin' };

export function digest(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}

/** A setup request that keeps the database where it is. */
export function setupRequest(harness: GatewayHarness, overrides: Partial<SetupRequest> = {}): SetupRequest {
  const location = `${harness.dir.path}/bailiff.db`;
  return {
    passwordDigest: DIGEST,
    database: { kind: 'sqlite', location },
    preferences: { ...defaultPreferences(), timeZone: 'Europe/Zurich' },
    ...overrides,
  };
}

/** An answer whose body nobody has checked yet. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A request being put together; awaited, it is sent. */
export interface Ask extends PromiseLike<Reply> {
  set(field: string, value: string): this;
  set(headers: Record<string, string>): this;
  send(body: string | object): this;
  expect(status: number): this;
  buffer(isBuffered: boolean): this;
  parse(parser: (response: supertest.Response, done: (error: Error | null, body: unknown) => void) => void): this;
}

/** The real application over a real database and a real Redis, asked in this process. */
export class GatewayHarness implements AsyncDisposable {
  app!: NestExpressApplication;
  database!: Database;
  /** The setup token of the running gateway; null once it is set up. */
  setupToken: string | null = null;

  private constructor(
    readonly redis: RedisInstance,
    readonly dir: TempDir,
    private readonly overrides: Partial<GatewayConfig>,
    private readonly ownsRedis: boolean,
  ) {}

  /** @param redis shared with another gateway; its owner ends it */
  static async start(overrides: Partial<GatewayConfig> = {}, redis?: RedisInstance): Promise<GatewayHarness> {
    const ownsRedis = redis === undefined;
    const [used, dir] = await Promise.all([redis ?? startRedis(), tempDir('bailiff-gateway-')]);
    const harness = new GatewayHarness(used, dir, overrides, ownsRedis);
    await harness.open();
    return harness;
  }

  /** Starts and sets it up. */
  static async startReady(overrides: Partial<GatewayConfig> = {}, redis?: RedisInstance): Promise<GatewayHarness> {
    const harness = await GatewayHarness.start(overrides, redis);
    const token = harness.setupToken;
    if (token !== null) {
      const { body } = await harness.request('get', '/api/setup').set(HEADERS.setupToken, token).expect(200);
      const { kind, location } = (body as { proposal: SetupProposal }).proposal.database;
      const request = setupRequest(harness, { database: { kind, location } });
      await harness.request('post', '/api/setup').set(HEADERS.setupToken, token).send(request).expect(204);
    }
    return harness;
  }

  async open(): Promise<void> {
    const url = this.redis.url;
    const config = Object.assign(new GatewayConfig(), {
      dataDir: this.dir.path,
      logLevel: 'silent',
      redisUrl: url,
      edgeRedisUrl: url,
      edgeProvisionRedisUrl: url,
      edgePublicUrl: url,
      ...this.overrides,
    });
    this.database = await openDatabase(config);
    this.app = await createApp(config, this.database);
    await this.app.listen(0, '127.0.0.1');
    this.setupToken = await this.app.get(SetupToken).renew();
  }

  /** Ends the gateway, as at SIGTERM; {@link open} starts it again on the same data. */
  async close(): Promise<void> {
    await this.app.close();
  }

  request(method: 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head', path: string): Ask {
    return supertest(this.app.getHttpServer())[method](path);
  }

  /** Signs in. @returns the Cookie header of the browser */
  async signIn(password = DIGEST): Promise<string> {
    const response = await this.request('post', '/api/v1/session').send({ passwordDigest: password }).expect(204);
    return cookieOf(response);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    if (this.ownsRedis) await this.redis.stop();
    await this.dir[Symbol.asyncDispose]();
  }
}

/** The Cookie header that a browser would send after an answer. */
export function cookieOf(response: Reply): string {
  const cookie = setCookieOf(response).split(';')[0] ?? '';
  if (!cookie.startsWith(`${SESSION_COOKIE}=`)) throw new Error(`no session cookie in "${cookie}"`);
  return cookie;
}

/** The Set-Cookie header of an answer. */
export function setCookieOf({ headers }: Reply): string {
  const lines = headers['set-cookie'];
  return Array.isArray(lines) ? lines.join('\n') : '';
}
