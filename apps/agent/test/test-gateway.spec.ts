import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AclProvisioner,
  answerEnrolment,
  checkEnrolmentRequest,
  createAgentId,
  createEnrolmentToken,
  edgeAclLines,
  enrolledPublicKeys,
  gatewayPublicKeys,
  GatewayEndpoint,
  generateGatewayKeys,
  passwordSha256,
  streamsGatewayTransport,
  type AgentPublicKeys,
  type EnrolmentTokenRecord,
  type StoredSession,
  type VerifiedBatch,
} from '@bailiff/agent-channel';
import {
  type HostStatusEvent,
  type SnapshotBan,
  SnapshotEvent,
  TicketsEvent,
  type TicketEvent,
} from '@bailiff/contracts/agent';
import { startRedis, type RedisInstance } from '@bailiff/testing';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

/** The real gateway end of the channel over a real Redis, with an archive in memory: what agents talk to in these suites. */
export class TestGateway implements AsyncDisposable {
  /** By natural key, as the real archive keeps them. */
  readonly archive = new Map<string, TicketEvent>();
  /** Bans and unbans in the order they came, repeats included. */
  readonly received: TicketEvent[] = [];
  readonly faults: string[] = [];
  readonly alarms: string[] = [];
  /** The last whole snapshot. */
  snapshot: { readonly atMs: number; readonly bans: readonly SnapshotBan[] } | undefined;
  status: HostStatusEvent | undefined;
  /** Makes `store` fail while set. */
  isDeaf = false;
  readonly #keys = generateGatewayKeys();
  readonly #agents = new Map<string, AgentPublicKeys>();
  readonly #sessions = new Map<string, StoredSession>();
  readonly #tokens = new Map<string, EnrolmentTokenRecord>();
  #parts: SnapshotEvent[] = [];
  #endpoint: GatewayEndpoint;
  readonly #provisioner: AclProvisioner;

  private constructor(
    readonly redis: RedisInstance,
    private readonly http: Server,
  ) {
    this.#endpoint = this.#makeEndpoint();
    this.#provisioner = new AclProvisioner({ url: redis.url.replace('//', '//prov:prov@') });
  }

  static async start(): Promise<TestGateway> {
    const redis = await startRedis({
      persistent: true,
      aclFile: edgeAclLines({
        gatewayPasswordSha256: passwordSha256('gw'),
        provisionerPasswordSha256: passwordSha256('prov'),
      }),
    });
    const http = createServer();
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const gateway = new TestGateway(redis, http);
    http.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        gateway.#enrol(request.url ?? '', Buffer.concat(chunks).toString()).then(
          (answer) => response.writeHead(201).end(JSON.stringify(answer)),
          (error: unknown) => response.writeHead(403).end(JSON.stringify({ detail: String(error) })),
        );
      });
    });
    await gateway.#endpoint.start();
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}/below`;
  }

  get agentId(): string {
    return [...this.#agents.keys()].at(-1) ?? '';
  }

  createToken(): string {
    const { token, record } = createEnrolmentToken({ now: Date.now() });
    this.#tokens.set(record.id, record);
    return token;
  }

  call(cmd: string, args: unknown = {}): Promise<unknown> {
    return this.#endpoint.call(this.agentId, cmd, args, { ttlMs: 20_000 });
  }

  /** Like a new process of the gateway: what was not stored is forgotten. */
  async restart(): Promise<void> {
    await this.#endpoint.stop();
    this.#endpoint = this.#makeEndpoint();
    await this.#endpoint.start();
  }

  named(kind: TicketEvent['kind']): string[] {
    return [...this.archive.values()]
      .filter((ticket) => ticket.kind === kind)
      .map(({ jail, address }) => `${jail} ${address}`)
      .sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#endpoint.stop();
    await this.#provisioner.close();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
    await this.redis[Symbol.asyncDispose]();
  }

  async #enrol(path: string, text: string): Promise<object> {
    if (path !== '/below/api/enrol') throw new Error(`no such path ${path}`);
    const body = JSON.parse(text) as { tokenId: string };
    const record = this.#tokens.get(body.tokenId);
    if (record === undefined) throw new Error('unknown token');
    const request = checkEnrolmentRequest({ record, request: body, now: Date.now() });
    this.#tokens.set(record.id, { ...record, used: true });
    const agentId = createAgentId();
    await this.#provisioner.provision(agentId, request.redisPasswordSha256);
    this.#agents.set(agentId, enrolledPublicKeys(request));
    await this.#endpoint.refresh();
    const redis = { url: this.redis.url };
    return answerEnrolment({ record, request, agentId, gateway: gatewayPublicKeys(this.#keys), redis });
  }

  #makeEndpoint(): GatewayEndpoint {
    return new GatewayEndpoint({
      keys: this.#keys,
      transport: streamsGatewayTransport({ url: this.redis.url.replace('//', '//gw:gw@') }),
      directory: {
        find: (id) => Promise.resolve(this.#agents.get(id)),
        list: () => Promise.resolve([...this.#agents.keys()]),
      },
      sessions: { load: (id) => Promise.resolve(this.#sessions.get(id)) },
      store: (batch) => this.#store(batch),
      onPresence: () => undefined,
      onAlarm: ({ code, detail }) => this.alarms.push(`${code}: ${detail}`),
    });
  }

  #store(batch: VerifiedBatch): Promise<void> {
    if (this.isDeaf) return Promise.reject(new Error('the database is away'));
    this.#sessions.set(batch.agentId, batch.session);
    for (const { kind, body } of batch.events) {
      if (kind === 'tickets') this.#tickets(this.#checked(TicketsEvent, body));
      else if (kind === 'bans.snapshot') this.#part(this.#checked(SnapshotEvent, body));
      else if (kind === 'host.status') this.status = body as HostStatusEvent;
      else this.faults.push(`unknown kind ${kind}`);
    }
    return Promise.resolve();
  }

  #checked<T extends object>(type: new () => T, body: unknown): T {
    const instance = plainToInstance(type, body);
    const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
    this.faults.push(...errors.map(String));
    return instance;
  }

  #tickets({ tickets }: TicketsEvent): void {
    for (const ticket of tickets) {
      if (ticket.kind !== 'found') this.received.push(ticket);
      this.archive.set(`${ticket.kind} ${ticket.jail} ${ticket.address} ${ticket.atMs}`, ticket);
    }
  }

  #part(part: SnapshotEvent): void {
    this.#parts = part.index === 0 ? [part] : [...this.#parts, part];
    if (this.#parts.length === part.count)
      this.snapshot = { atMs: part.atMs, bans: this.#parts.flatMap(({ bans }) => bans) };
  }
}
