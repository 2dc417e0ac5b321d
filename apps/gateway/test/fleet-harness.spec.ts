import { edgeAclLines, passwordSha256 } from '@bailiff/agent-channel';
import { HEADERS, SCOPES } from '@bailiff/contracts/http';
import type { AuditEntry, Database } from '@bailiff/persistence';
import type { LogLevel, LogSink } from '@bailiff/nest-kit';
import {
  eventually,
  spawnProcess,
  startRedis,
  tempDir,
  type RedisInstance,
  type SpawnedProcess,
  type TempDir,
} from '@bailiff/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Redis } from 'ioredis';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { BanListService } from '../src/bans/ban-list.service.js';
import { openDatabase } from '../src/core/database.provider.js';
import { createApp } from '../src/create-app.js';
import { GatewayConfig } from '../src/gateway.config.js';
import { defaultPreferences } from '../src/settings/default-preferences.js';
import { SetupToken } from '../src/setup/setup-token.js';
import { TestAgent } from './test-agent.spec.js';

const GW = 'gateway-password';
const PROV = 'provisioner-password';
const ROOT = 'owner-of-redis';
const OPERATOR = '198.51.100.200';
const DIGEST = createHash('sha256').update('correct horse battery staple').digest('hex');

/** An HTTP answer; `body` only when it is JSON. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly text: string;
}

/** How much the gateway logs and where to; nothing unless said. */
export interface HarnessLog {
  readonly level: LogLevel;
  readonly to: LogSink;
}

/** A gateway with a real edge Redis (users and all), a real queue Redis and a real SQLite file. */
export class FleetHarness implements AsyncDisposable {
  app!: NestExpressApplication;
  database!: Database;
  baseUrl = '';
  /** Address that requests of this harness seem to come from. */
  readonly operatorAddress = OPERATOR;
  /** Cookie header of a signed-in browser. */
  cookie = '';
  private bearer = '';
  /** A TLS front of the edge, taken by the next start of the gateway and by agents that enrol then. */
  edgeFront: { readonly url: string; readonly ca: string } | undefined;

  private constructor(
    readonly edge: RedisInstance,
    readonly queue: RedisInstance,
    readonly dir: TempDir,
    private readonly log: HarnessLog | undefined,
  ) {}

  static async start(log?: HarnessLog): Promise<FleetHarness> {
    const lines = edgeAclLines({
      gatewayPasswordSha256: passwordSha256(GW),
      provisionerPasswordSha256: passwordSha256(PROV),
    });
    // Somebody who owns Redis: the attacker of some suites.
    const aclFile = [...lines, `user root on >${ROOT} ~* &* +@all`];
    const [edge, queue, dir] = await Promise.all([
      startRedis({ aclFile, persistent: true }),
      startRedis(),
      tempDir('bailiff-gateway-'),
    ]);
    const harness = new FleetHarness(edge, queue, dir, log);
    await harness.startGateway();
    return harness;
  }

  edgeUrl(user: 'gw' | 'prov' | 'root'): string {
    const url = new URL(this.edgeFront?.url ?? this.edge.url);
    url.username = user;
    url.password = { gw: GW, prov: PROV, root: ROOT }[user];
    return url.href;
  }

  /** Runs something as the owner of the agents' Redis. */
  async asRedisOwner<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.edgeUrl('root'));
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }

  async startGateway(): Promise<void> {
    const config = Object.assign(new GatewayConfig(), {
      logLevel: this.log?.level ?? (process.env['FLEET_LOG'] === undefined ? 'silent' : 'info'),
      trustedProxies: ['127.0.0.1'],
      // Agents of these suites beat twice a second, so silence shows sooner.
      offlineAfterMs: 3_000,
      dataDir: this.dir.path,
      redisUrl: this.queue.url,
      edgeRedisUrl: this.edgeUrl('gw'),
      edgeProvisionRedisUrl: this.edgeUrl('prov'),
      edgePublicUrl: this.edgeFront?.url ?? this.edge.url,
      edgeCa: this.edgeFront?.ca,
      localEnrolmentFile: this.localTokenFile,
    });
    const database = await openDatabase(config);
    this.app = await createApp(config, database, this.log?.to);
    await this.app.listen(0, '127.0.0.1');
    const { port } = this.app.getHttpServer().address() as AddressInfo;
    this.baseUrl = `http://127.0.0.1:${port}`;
    this.database = database;
    const setupToken = await this.app.get(SetupToken).renew();
    if (setupToken !== null) await this.setUp(setupToken);
  }

  /** Starts the built program instead, as it is deployed: one that can be killed. */
  async startProcess(): Promise<SpawnedProcess> {
    const readyFile = join(this.dir.path, `ready-${randomUUID()}`);
    const gateway = await spawnProcess(process.execPath, [join(import.meta.dirname, '../dist/main.js')], {
      name: 'gateway',
      env: {
        PATH: process.env['PATH'],
        BAILIFF_GATEWAY_PORT: '0',
        BAILIFF_GATEWAY_DATA_DIR: this.dir.path,
        BAILIFF_GATEWAY_READY_FILE: readyFile,
        REDIS_URL: this.queue.url,
        BAILIFF_EDGE_REDIS_URL: this.edgeUrl('gw'),
        BAILIFF_EDGE_PROVISION_REDIS_URL: this.edgeUrl('prov'),
        BAILIFF_EDGE_PUBLIC_URL: this.edge.url,
      },
    });
    await eventually(() => existsSync(readyFile) || !gateway.isRunning, { withinMs: 30_000, what: 'the gateway' });
    if (!existsSync(readyFile)) throw new Error(`the gateway ended: ${gateway.output}`);
    this.baseUrl = (JSON.parse(await readFile(readyFile, 'utf8')) as { url: string }).url;
    return gateway;
  }

  /** Answers the setup wizard, signs in and makes the API token that the other requests use. */
  private async setUp(setupToken: string): Promise<void> {
    const preferences = defaultPreferences();
    const database = { kind: 'sqlite', location: join(this.dir.path, 'bailiff.db') };
    const headers = { [HEADERS.setupToken]: setupToken };
    await this.request('POST', '/api/setup', { passwordDigest: DIGEST, database, preferences }, headers);
    this.cookie = await this.signIn();
    const token = { name: 'suite', scopes: SCOPES };
    const { body } = await this.request<{ token: string }>('POST', '/api/v1/tokens', token, this.browserHeaders());
    this.bearer = body.token;
  }

  /** Opens a session. @returns the cookie header of its browser */
  async signIn(): Promise<string> {
    const response = await fetch(`${this.baseUrl}/api/v1/session`, {
      method: 'POST',
      headers: { ...this.browserHeaders(), 'content-type': 'application/json' },
      body: JSON.stringify({ passwordDigest: DIGEST }),
    });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
    if (cookie === undefined) throw new Error(`not signed in: ${response.status} ${await response.text()}`);
    return cookie;
  }

  /** Headers a browser on our own pages sends. */
  browserHeaders(cookie = this.cookie): Record<string, string> {
    const own = { origin: this.baseUrl, 'sec-fetch-site': 'same-origin', [HEADERS.request]: '1' };
    return cookie === '' ? own : { ...own, cookie };
  }

  async stopGateway(): Promise<void> {
    await this.app.close();
  }

  /** A request with the suite's API token, or with the given headers instead. */
  async request<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { authorization: `Bearer ${this.bearer}`, 'x-forwarded-for': OPERATOR },
  ): Promise<Answer<T>> {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${this.baseUrl}${path}`, { method, headers: { ...headers, ...type }, ...json });
    const text = await response.text();
    const isJson = /^application\/(problem\+)?json(;|$)/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: (isJson ? JSON.parse(text) : undefined) as T, text };
  }

  /** Sends text as a browser's upload does. */
  async upload<T>(path: string, text: string): Promise<Answer<T>> {
    const headers = {
      authorization: `Bearer ${this.bearer}`,
      'x-forwarded-for': OPERATOR,
      'content-type': 'text/plain',
    };
    const response = await fetch(`${this.baseUrl}${path}`, { method: 'POST', headers, body: text });
    const answer = await response.text();
    return { status: response.status, body: JSON.parse(answer) as T, text: answer };
  }

  async get<T>(path: string): Promise<T> {
    return (await this.request<T>('GET', path)).body;
  }

  /** Enrols an agent and waits until its first hello was taken. */
  async addAgent(hostName = 'web-1'): Promise<TestAgent> {
    const { body } = await this.request<{ token: string }>('POST', '/api/v1/enrolment-tokens');
    const agent = await TestAgent.enrol(this.baseUrl, body.token, hostName);
    await (await agent.start()).welcomed();
    await eventually(async () => (await this.get<{ state: string }>(`/api/v1/hosts/${agent.id}`)).state === 'online', {
      what: 'the host to be online',
    });
    return agent;
  }

  /** Audit log, newest first. */
  async auditEntries(): Promise<AuditEntry[]> {
    return (await this.database.read.audit.page({}, { limit: 20 })).items;
  }

  /** What the timer does, at a time of our choice. */
  sweepBansAt(nowMs: number): Promise<void> {
    return this.app.get(BanListService).dropExpired(nowMs);
  }

  /** Where the gateway leaves a token for the agent of its own machine. */
  get localTokenFile(): string {
    return join(this.dir.path, 'local-enrolment');
  }

  localToken(): Promise<string> {
    return readFile(this.localTokenFile, 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopGateway();
    await this.disposeParts();
  }

  /** Everything but the gateway. */
  async disposeParts(): Promise<void> {
    await Promise.all([this.edge, this.queue, this.dir].map((part) => part[Symbol.asyncDispose]()));
  }
}
