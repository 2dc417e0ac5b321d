import {
  acceptEnrolmentAnswer,
  AgentEndpoint,
  createEnrolmentRequest,
  MemoryJournal,
  streamsAgentTransport,
  CommandError,
  type EnrolledAgent,
  type VerifiedCommand,
} from '@bailiff/agent-channel';
import { AGENT_COMMANDS, type AgentCommandName, type TicketEvent } from '@bailiff/contracts/agent';
import { eventually } from '@bailiff/testing';

/** An unacknowledged event, as an agent's outbox keeps it. */
interface OutboxRow {
  readonly kind: string;
  readonly body: unknown;
  sent: { sid: string; seq: number } | undefined;
}

type CommandHandler = (args: unknown, command: VerifiedCommand) => unknown;

/** The real end of the channel with a made-up fail2ban behind it: what the gateway talks to in these suites. */
export class TestAgent implements AsyncDisposable {
  readonly commands: VerifiedCommand[] = [];
  readonly handlers = new Map<AgentCommandName, CommandHandler>();
  sessions = 0;
  private readonly outbox: OutboxRow[] = [];
  private endpoint: AgentEndpoint | undefined;
  private boot = 0;
  private pumping: Promise<void> = Promise.resolve();

  private constructor(readonly enrolled: EnrolledAgent) {}

  get id(): string {
    return this.enrolled.identity.agentId;
  }

  /** Enrols over HTTP with a token, as `bailiff-agent enrol` does. */
  static async enrol(baseUrl: string, token: string, hostName = 'web-1'): Promise<TestAgent> {
    const { request, pending } = createEnrolmentRequest({ token, hostName });
    const response = await fetch(`${baseUrl}/api/enrol`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`enrolment refused: ${JSON.stringify(answer)}`);
    return new TestAgent(acceptEnrolmentAnswer({ pending, answer }));
  }

  /** Another process of the same agent: same keys, counters go on. */
  static resume(enrolled: EnrolledAgent, boot: number): TestAgent {
    const agent = new TestAgent(enrolled);
    agent.boot = boot;
    return agent;
  }

  async start(): Promise<this> {
    const { identity, redis } = this.enrolled;
    const endpoint = new AgentEndpoint({
      identity,
      transport: streamsAgentTransport({ ...redis, agentId: identity.agentId }),
      boot: { next: () => Promise.resolve((this.boot += 1)) },
      journal: new MemoryJournal(),
      describe: () =>
        Promise.resolve({
          agentVersion: '0.1.0',
          fail2banVersion: '1.0.2',
          hostName: 'web-1',
          capabilities: ['read', 'ban'],
          fingerprint: 'shown by the agent',
          details: { socketPath: '/run/fail2ban/fail2ban.sock' },
        }),
      onError: (error) => (process.env['FLEET_LOG'] === undefined ? undefined : console.error('agent', error.message)),
      onRefusal: (r) => (process.env['FLEET_LOG'] === undefined ? undefined : console.error('agent refusal', r)),
      load: () => ({ load: 0, spool: this.outbox.length, dropped: 0 }),
      run: (command) => this.run(command),
      isRead: (cmd) => Object.hasOwn(AGENT_COMMANDS, cmd) && AGENT_COMMANDS[cmd as AgentCommandName].read,
      heartbeatMs: 500,
      ackTimeoutMs: 10_000,
    });
    endpoint.onSession(() => {
      this.sessions += 1;
      for (const row of this.outbox) row.sent = undefined;
      this.pump();
    });
    endpoint.onAck(({ sid, seq }) => {
      while (this.outbox[0]?.sent?.sid === sid && this.outbox[0].sent.seq <= seq) this.outbox.shift();
    });
    this.endpoint = endpoint;
    await endpoint.start();
    return this;
  }

  /** Waits until the gateway has welcomed a session. */
  async welcomed(): Promise<this> {
    await eventually(() => this.endpoint?.isWelcomed === true, { what: 'a welcome by the gateway' });
    return this;
  }

  /** Puts an event into the outbox; it is sent now or with the next session, until it is acknowledged. */
  send(kind: string, body: unknown): void {
    this.outbox.push({ kind, body, sent: undefined });
    this.pump();
  }

  sendTickets(...tickets: Partial<TicketEvent>[]): void {
    this.send('tickets', { tickets: tickets.map((ticket) => ({ ...ban(), ...ticket })) });
  }

  /** Waits until everything sent is stored. */
  async acknowledged(): Promise<void> {
    await eventually(() => this.outbox.length === 0, { what: 'acknowledgement of every event', withinMs: 120_000 });
  }

  /** Events not acknowledged yet. */
  get waiting(): number {
    return this.outbox.length;
  }

  /** Events not written to Redis yet. */
  get unsent(): number {
    return this.outbox.filter(({ sent }) => sent === undefined).length;
  }

  async stop(): Promise<void> {
    await this.endpoint?.stop();
    this.endpoint = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  private pump(): void {
    this.pumping = this.pumping.then(() => this.sendWaiting()).catch(() => undefined);
  }

  private async sendWaiting(): Promise<void> {
    for (;;) {
      const row = this.outbox.find(({ sent }) => sent === undefined);
      const { endpoint } = this;
      if (row === undefined || endpoint?.isWelcomed !== true) return;
      const seq = await endpoint.sendEvent(row.kind, row.body);
      row.sent = { sid: endpoint.sid, seq };
    }
  }

  private run(command: VerifiedCommand): Promise<unknown> {
    this.commands.push(command);
    const handler = this.handlers.get(command.cmd as AgentCommandName);
    if (handler === undefined) throw new CommandError('command/unknown', `no handler for ${command.cmd}`);
    return Promise.resolve(handler(command.args, command));
  }
}

/** A ban of a minute ago that lasts an hour. */
export function ban(): TicketEvent {
  const atMs = Math.floor(Date.now() / 1_000) * 1_000 - 60_000;
  return { kind: 'ban', jail: 'sshd', address: '192.0.2.1', atMs, bantimeSeconds: 3_600, banCount: 1, failures: 5 };
}
