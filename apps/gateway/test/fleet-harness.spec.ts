import { edgeAclLines, passwordSha256 } from '@bailiff/agent-channel';
import { type AuditEntry, Database } from '@bailiff/persistence';
import { eventually, startRedis, tempDir, type RedisInstance, type TempDir } from '@bailiff/testing';
import { ConsoleLogger, Global, Module, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { validationPipe, ProblemFilter } from '@bailiff/nest-kit';
import { PROBLEM_CODES } from '@bailiff/contracts/http';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { Redis } from 'ioredis';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { AuditService } from '../src/audit/audit.service.js';
import { BanListService } from '../src/bans/ban-list.service.js';
import { FleetOptions } from '../src/channel/fleet-options.js';
import { FleetModule } from '../src/fleet.module.js';
import { GatewayConfig } from '../src/gateway.config.js';
import { TestAgent } from './test-agent.spec.js';

const GW = 'gateway-password';
const PROV = 'provisioner-password';
const ROOT = 'owner-of-redis';

/** A gateway with a real edge Redis (users and all), a real queue Redis and a real SQLite file. */
export class FleetHarness implements AsyncDisposable {
  app!: INestApplication;
  database!: Database;
  baseUrl = '';
  /** Address that requests of this harness seem to come from. */
  readonly operatorAddress = '198.51.100.200';

  private constructor(
    readonly edge: RedisInstance,
    readonly queue: RedisInstance,
    readonly dir: TempDir,
  ) {}

  static async start(): Promise<FleetHarness> {
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
    const harness = new FleetHarness(edge, queue, dir);
    await harness.startGateway();
    return harness;
  }

  edgeUrl(user: 'gw' | 'prov' | 'root'): string {
    const url = new URL(this.edge.url);
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
      dataDir: this.dir.path,
      redisUrl: this.queue.url,
      edgeRedisUrl: this.edgeUrl('gw'),
      edgeProvisionRedisUrl: this.edgeUrl('prov'),
      edgePublicUrl: this.edge.url,
      localEnrolmentFile: join(this.dir.path, 'local-enrolment'),
    });
    const database = await Database.open({ sqlitePath: join(this.dir.path, 'bailiff.db') });
    this.database = database;
    @Global()
    @Module({
      providers: [
        { provide: GatewayConfig, useValue: config },
        { provide: Database, useValue: database },
        AuditService,
      ],
      exports: [GatewayConfig, Database, AuditService],
    })
    class CoreModule {}
    const module = await Test.createTestingModule({ imports: [CoreModule, FleetModule] })
      // Agents of these suites beat twice a second, so silence shows sooner.
      .overrideProvider(FleetOptions)
      .useValue({ ...config, offlineAfterMs: 3_000 })
      .compile();
    this.app = module.createNestApplication({
      logger: process.env['FLEET_LOG'] === undefined ? false : new ConsoleLogger(),
    });
    this.app.setGlobalPrefix('api');
    this.app.use((request: { actor?: unknown }, _response: unknown, next: () => void) => {
      request.actor = { name: 'operator', address: '198.51.100.200', kind: 'session', scopes: ['admin'] };
      next();
    });
    this.app.useGlobalPipes(validationPipe());
    this.app.useGlobalFilters(
      new ProblemFilter(
        Object.fromEntries(
          PROBLEM_CODES.map((code) => [code, { status: STATUS[code] ?? 500, title: code }]),
        ) as ConstructorParameters<typeof ProblemFilter>[0],
      ),
    );
    await this.app.listen(0, '127.0.0.1');
    const { port } = (this.app.getHttpServer() as Server).address() as AddressInfo;
    this.baseUrl = `http://127.0.0.1:${port}`;
  }

  async stopGateway(): Promise<void> {
    await this.app.close();
    await this.database.close();
  }

  async request<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T; text: string }> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
    return {
      status: response.status,
      body: (isJson && !path.includes('export') ? JSON.parse(text) : undefined) as T,
      text,
    };
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

  localToken(): Promise<string> {
    return readFile(join(this.dir.path, 'local-enrolment'), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopGateway();
    await Promise.all([this.edge, this.queue, this.dir].map((part) => part[Symbol.asyncDispose]()));
  }
}

const STATUS: Record<string, number> = {
  'request/invalid': 400,
  'request/too-many': 429,
  'host/unknown': 404,
  'host/revoked': 409,
  'enrolment/token-invalid': 403,
  'enrolment/refused': 400,
  'agent/offline': 503,
  'agent/outcome-unknown': 504,
  'agent/policy-denied': 403,
  'jail/unknown': 404,
  'ban/protected-address': 409,
  'ban/too-wide': 400,
  'fail2ban/unreachable': 503,
  'edge/unavailable': 503,
};
