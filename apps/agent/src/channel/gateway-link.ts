import { hostname, loadavg } from 'node:os';
import {
  AgentEndpoint,
  type AgentEndpointOptions,
  fingerprint,
  type GatewayPublicKeys,
  type HeartbeatBody,
  type HelloBody,
  NotWelcomedError,
  publicKeysOf,
} from '@bailiff/agent-channel';
import { AGENT_EVENTS, type HostStatusEvent, type JailActReport, type SnapshotEvent } from '@bailiff/contracts/agent';
import type { PolicyGroup } from '@bailiff/contracts/http';
import { agentVersion } from '../cli/agent-version.js';
import type { Outbox } from '../state/outbox.js';
import { OutboxSender } from './outbox-sender.js';

/** What the link needs to know of the rest of the agent. */
export interface GatewayLinkOptions extends Pick<
  AgentEndpointOptions,
  'identity' | 'transport' | 'boot' | 'journal' | 'run' | 'isRead'
> {
  readonly outbox: Outbox;
  /** Keeps the gateway's keys after it rotated them. */
  readonly trust: (keys: readonly GatewayPublicKeys[]) => Promise<void>;
  readonly socketPath: string;
  /** Version of fail2ban; undefined while it cannot be reached. */
  fail2banVersion(): string | undefined;
  /** What the host's policy grants right now. */
  groups(): readonly PolicyGroup[];
  status(): HostStatusEvent;
  /** A session was welcomed. */
  onWelcome(): void;
  onProblem(problem: unknown, message: string): void;
}

/** An unchanged status is repeated after this time. */
const REPEAT_STATUS_MS = 28_000;

/** The agent's line to its gateway: tickets in order and exactly once, status and snapshots as they are. */
export class GatewayLink {
  readonly sender: OutboxSender;
  readonly #endpoint: AgentEndpoint;
  #statusText = '';
  #statusMs = 0;
  #describedGroups = '';

  constructor(private readonly options: GatewayLinkOptions) {
    const { identity, transport, boot, journal, trust } = options;
    this.#endpoint = new AgentEndpoint({
      identity,
      transport,
      boot,
      journal,
      run: (command, signal) => options.run(command, signal),
      isRead: (name) => options.isRead(name),
      trust,
      describe: () => Promise.resolve(this.#describe()),
      load: () => this.#load(),
      onRefusal: (refusal) => options.onProblem(refusal, 'message refused'),
      onError: (error) => options.onProblem({ err: error }, 'channel trouble'),
    });
    this.sender = new OutboxSender(this.#endpoint, options.outbox, (error) =>
      options.onProblem({ err: error }, 'tickets could not be sent'),
    );
    this.#endpoint.onSession(() => {
      this.#statusText = '';
      void this.sendStatus(options.status());
      options.onWelcome();
    });
  }

  get isWelcomed(): boolean {
    return this.#endpoint.isWelcomed;
  }

  /** The gateway's time by its last welcome, milliseconds since the epoch; undefined before the first. */
  get gatewayMs(): number | undefined {
    return this.#endpoint.gatewayMs;
  }

  start(): Promise<void> {
    return this.#endpoint.start();
  }

  async stop(): Promise<void> {
    this.sender.stop();
    await this.#endpoint.stop();
  }

  /** Sends a status that says something new, or that nothing has changed for a while. */
  async sendStatus(status: HostStatusEvent, options: { readonly always?: boolean } = {}): Promise<void> {
    const text = JSON.stringify({ ...status, atMs: 0 });
    const isDue = text !== this.#statusText || Date.now() - this.#statusMs > REPEAT_STATUS_MS;
    if (!isDue && options.always !== true) return;
    if (await this.#send(AGENT_EVENTS.status, status)) {
      this.#statusText = text;
      this.#statusMs = Date.now();
    }
  }

  /** Sends a snapshot, after the tickets that came before it. */
  async sendSnapshot(events: readonly SnapshotEvent[]): Promise<void> {
    for (const event of events) if (!(await this.#send(AGENT_EVENTS.snapshot, event))) return;
  }

  /** Tells how an act on jails goes. Lost without a session: the gateway asks. */
  async sendAct(report: JailActReport): Promise<void> {
    await this.#send(AGENT_EVENTS.jailAct, report);
  }

  /** Whether it was sent; without a session it is not, and need not be: the next one begins with the same. */
  async #send(kind: string, body: unknown): Promise<boolean> {
    try {
      await this.#endpoint.sendEvent(kind, body);
      return true;
    } catch (error) {
      if (!(error instanceof NotWelcomedError)) this.options.onProblem({ err: error }, `${kind} could not be sent`);
      return false;
    }
  }

  #describe(): HelloBody {
    const { identity, socketPath } = this.options;
    const groups = [...this.options.groups()];
    this.#describedGroups = groups.join();
    return {
      agentVersion: agentVersion(),
      fail2banVersion: this.options.fail2banVersion() ?? null,
      hostName: hostname(),
      capabilities: groups,
      fingerprint: fingerprint(publicKeysOf(identity.keys)),
      details: { socketPath },
    };
  }

  #load(): HeartbeatBody {
    const { outbox } = this.options;
    // The host's administrator changed the policy: the console learns it by a new introduction.
    if ([...this.options.groups()].join() !== this.#describedGroups)
      setImmediate(() => this.#endpoint.introduceAgain());
    return { load: loadavg()[0] ?? 0, spool: outbox.size, dropped: outbox.dropped };
  }
}
