import {
  AgentEndpoint,
  type AgentEndpointOptions,
  type AgentIdentity,
  type AgentRefusal,
  type AgentTransport,
  type ChannelAlarm,
  createAgentId,
  generateGatewayKeys,
  generateKeys,
  fingerprint,
  type GatewayEndpointOptions,
  GatewayEndpoint,
  type GatewayKeys,
  gatewayPublicKeys,
  type GatewayTransport,
  MemoryJournal,
  type PresenceChange,
  publicKeysOf,
  type StoredSession,
  type VerifiedBatch,
  type VerifiedCommand,
} from '../src/index.js';

/** One host's agent with a small application on it: echoes, notes what ran, keeps an outbox. */
export class TestAgent {
  readonly ran: VerifiedCommand[] = [];
  readonly refusals: AgentRefusal[] = [];
  readonly errors: Error[] = [];
  readonly acks: { sid: string; seq: number }[] = [];
  readonly sessions: string[] = [];
  readonly journal = new MemoryJournal();
  run: AgentEndpointOptions['run'] = (command) => Promise.resolve({ echo: command.args });
  endpoint: AgentEndpoint | undefined;
  private bootCount = 0;

  constructor(readonly identity: AgentIdentity) {}

  async start(transport: AgentTransport, extra: Partial<AgentEndpointOptions> = {}): Promise<AgentEndpoint> {
    const endpoint = new AgentEndpoint({
      identity: this.identity,
      transport,
      boot: { next: () => Promise.resolve((this.bootCount += 1)) },
      journal: this.journal,
      describe: () =>
        Promise.resolve({
          agentVersion: '0.1.0',
          fail2banVersion: '1.0.2',
          hostName: 'web-1',
          capabilities: ['read', 'ban'],
          fingerprint: fingerprint(publicKeysOf(this.identity.keys)),
        }),
      load: () => ({ load: 0.1, spool: 0, dropped: 0 }),
      run: (command, signal) => {
        this.ran.push(command);
        return this.run(command, signal);
      },
      isRead: (cmd) => cmd.startsWith('read.'),
      onRefusal: (refusal) => this.refusals.push(refusal),
      onError: (error) => this.errors.push(error),
      refusalEveryMs: 0,
      heartbeatMs: 200,
      ackTimeoutMs: 3_000,
      ...extra,
    });
    endpoint.onSession((sid) => this.sessions.push(sid));
    endpoint.onAck((ack) => this.acks.push(ack));
    this.endpoint = endpoint;
    await endpoint.start();
    return endpoint;
  }

  /** Codes of what was refused so far. */
  get refusalCodes(): string[] {
    return this.refusals.map((refusal) => refusal.code);
  }
}

/** A gateway with a small application on it: a "database" in memory that survives `restart`. */
export class TestGateway {
  readonly keys: GatewayKeys = generateGatewayKeys();
  readonly agents = new Map<string, TestAgent>();
  readonly alarms: ChannelAlarm[] = [];
  readonly presence: PresenceChange[] = [];
  readonly errors: Error[] = [];
  readonly batches: VerifiedBatch[] = [];
  readonly sessions = new Map<string, StoredSession>();
  /** Replace to make the database slow or broken. */
  beforeStore: (batch: VerifiedBatch) => Promise<void> = () => Promise.resolve();
  private running: GatewayEndpoint | undefined;

  addAgent(agentId = createAgentId()): TestAgent {
    const agent = new TestAgent({ agentId, keys: generateKeys(), gateway: gatewayPublicKeys(this.keys) });
    this.agents.set(agentId, agent);
    return agent;
  }

  get endpoint(): GatewayEndpoint {
    if (this.running === undefined) throw new Error('start the gateway first');
    return this.running;
  }

  async start(transport: GatewayTransport, extra: Partial<GatewayEndpointOptions> = {}): Promise<GatewayEndpoint> {
    this.running = new GatewayEndpoint({
      keys: this.keys,
      transport,
      directory: {
        find: (agentId) => {
          const agent = this.agents.get(agentId);
          return Promise.resolve(agent === undefined ? undefined : publicKeysOf(agent.identity.keys));
        },
        list: () => Promise.resolve([...this.agents.keys()]),
      },
      sessions: { load: (agentId) => Promise.resolve(this.sessions.get(agentId)) },
      store: async (batch) => {
        await this.beforeStore(batch);
        this.batches.push(batch);
        this.sessions.set(batch.agentId, batch.session);
      },
      onPresence: (change) => this.presence.push(change),
      onAlarm: (alarm) => this.alarms.push(alarm),
      onError: (error) => this.errors.push(error),
      offlineAfterMs: 2_000,
      ...extra,
    });
    await this.running.start();
    return this.running;
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    for (const agent of this.agents.values()) await agent.endpoint?.stop();
  }

  /** Events of one agent as stored, in order. */
  events(agentId: string): { kind: string; body: unknown }[] {
    return this.batches
      .filter((batch) => batch.agentId === agentId)
      .flatMap((batch) => batch.events.map(({ kind, body }) => ({ kind, body })));
  }

  alarmCodes(agentId: string): string[] {
    return this.alarms.filter((alarm) => alarm.agentId === agentId).map((alarm) => alarm.code);
  }
}
