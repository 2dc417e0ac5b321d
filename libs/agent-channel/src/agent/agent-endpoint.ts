import { randomBytes } from 'node:crypto';
import { ChannelKeyring } from '../envelope/channel-keyring.js';
import { CommandError } from '../errors/call.errors.js';
import { EnvelopeError, NotWelcomedError } from '../errors/envelope.error.js';
import type { GatewayPublicKeys } from '../keys/keys.js';
import { WELCOME_WITHIN_MS } from '../messages/limits.js';
import type { CommandMessage, GatewayMessage, WelcomeMessage } from '../messages/message.js';
import { parseGatewayMessage } from '../messages/parse-message.js';
import { Backoff } from '../time/backoff.js';
import { type Clock, systemClock } from '../time/clock.js';
import { GatewayClock } from '../time/gateway-clock.js';
import { RepeatBook } from '../time/repeat-book.js';
import type { TransportEntry } from '../transport/transport.js';
import type { AgentEndpointOptions } from './agent-options.js';
import { CommandHandler } from './command-handler.js';
import { SessionSender } from './session-sender.js';

const PRUNE_EVERY_MS = 10_000;
/** Refused entries in one read beyond which the next read waits: a flood must not take the processor. */
const TOLERATED_REFUSALS = 16;
const MAX_FLOOD_PAUSE_MS = 500;

interface Greeting {
  readonly nonce: string;
  readonly sentAtMs: number;
}

/** The agent's end of the channel: keeps a session with the gateway, obeys verified commands, sends events. */
export class AgentEndpoint {
  private readonly clock: Clock;
  private readonly gatewayClock: GatewayClock;
  private readonly keyring: ChannelKeyring;
  private readonly commands: CommandHandler;
  private readonly refusals: RepeatBook;
  private readonly backoff = new Backoff(100, 30_000);
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly sessionListeners: ((sid: string) => void)[] = [];
  private readonly ackListeners: ((ack: { sid: string; seq: number }) => void)[] = [];
  private gatewayKeys: readonly GatewayPublicKeys[];
  private sender: SessionSender | undefined;
  private greeting: Greeting | undefined;
  private welcomed = false;
  private isConnected = false;
  private isStopped = false;
  /** Grows with every attempt at a session, so that an overtaken attempt stops by itself. */
  private turn = 0;
  private retry: NodeJS.Timeout | undefined;

  constructor(private readonly o: AgentEndpointOptions) {
    const { identity, refusalEveryMs = 10_000 } = o;
    this.clock = o.clock ?? systemClock;
    this.gatewayClock = new GatewayClock(this.clock);
    const now = (): number => this.gatewayClock.now();
    const monotonicMs = (): number => this.clock.monotonicMs();
    this.refusals = new RepeatBook(refusalEveryMs, monotonicMs, (code, detail, count) => {
      o.onRefusal?.({ code, detail, count });
    });
    this.gatewayKeys = identity.gateway;
    this.keyring = new ChannelKeyring(identity.agentId, 'agent', [identity.keys], identity.gateway, now);
    this.commands = new CommandHandler({
      endpoint: o,
      gatewayClock: this.gatewayClock,
      monotonicMs,
      sender: () => (this.welcomed ? this.sender : undefined),
      gatewayKeys: () => this.gatewayKeys,
      trust: (keys) => this.trust(keys),
      onRefusal: (code, detail) => this.refuse(code, detail),
      onError: this.report,
    });
  }

  /** Id of the current session; empty before the first. */
  get sid(): string {
    return this.sender?.sid ?? '';
  }

  /** Whether the gateway has welcomed the current session. */
  get isWelcomed(): boolean {
    return this.welcomed;
  }

  /** The gateway's time, counted on from its last welcome, milliseconds since the epoch; undefined before the first. */
  get gatewayMs(): number | undefined {
    return this.gatewayClock.isSet ? this.gatewayClock.now() : undefined;
  }

  /** Opens the transport; sessions come and go by themselves from here on. */
  start(): Promise<void> {
    const { transport, heartbeatMs = 10_000, ackTimeoutMs = 15_000 } = this.o;
    this.every(heartbeatMs, () => {
      if (this.welcomed) this.sender?.heartbeat(this.o.load());
    });
    this.every(Math.min(1_000, ackTimeoutMs / 4), () => {
      this.refusals.tick();
      if (!this.welcomed) return;
      if ((this.sender?.silentMs ?? 0) > ackTimeoutMs) this.renew();
      else if (this.gatewayClock.isDoubtful) this.renew();
    });
    this.every(PRUNE_EVERY_MS, () => this.commands.prune());
    transport.open({
      connected: () => {
        this.isConnected = true;
        this.renew(0);
      },
      disconnected: () => {
        this.isConnected = false;
        this.endSession();
      },
      failed: this.report,
      received: (entries) => this.received(entries),
    });
    return Promise.resolve();
  }

  /** Begins a new session, since what the agent says of itself (`describe`) has changed. */
  introduceAgain(): void {
    if (this.welcomed) this.renew(0);
  }

  /** Ends the session, aborts what runs and closes the transport. */
  async stop(): Promise<void> {
    this.isStopped = true;
    for (const timer of this.timers) clearInterval(timer);
    clearTimeout(this.retry);
    this.endSession();
    this.commands.stop();
    await this.o.transport.close();
  }

  /**
   * Sends an event of the current session. Waits while 8 MiB are unacknowledged.
   * The promise resolves, to the sequence number, before any acknowledgement of it is delivered.
   * @throws {NotWelcomedError} without a session; resend when `onSession` calls
   * @throws {MessageTooLargeError} over 256 KiB
   */
  async sendEvent(kind: string, body: unknown): Promise<number> {
    if (!this.welcomed || this.sender === undefined) throw new NotWelcomedError();
    return this.sender.event(kind, body);
  }

  /** Calls back when a session is welcomed: everything not acknowledged must be sent again. */
  onSession(callback: (sid: string) => void): void {
    this.sessionListeners.push(callback);
  }

  /** Calls back when every event up to `seq` of session `sid` is stored. */
  onAck(callback: (ack: { sid: string; seq: number }) => void): void {
    this.ackListeners.push(callback);
  }

  private every(ms: number, action: () => void): void {
    const timer = setInterval(() => {
      try {
        action();
      } catch (error) {
        this.report(error);
      }
    }, ms);
    this.timers.add(timer);
  }

  private endSession(): void {
    this.turn += 1;
    this.welcomed = false;
    this.greeting = undefined;
    clearTimeout(this.retry);
    this.commands.sessionEnded(this.sender?.close() ?? []);
    this.sender = undefined;
  }

  /** Begins a new session after `delayMs`, growing with each attempt unless given. */
  private renew(delayMs = this.backoff.next()): void {
    this.endSession();
    if (this.isStopped || !this.isConnected) return;
    this.retry = setTimeout(() => void this.greet().catch(this.report), delayMs);
  }

  private async greet(): Promise<void> {
    const { boot, identity, transport } = this.o;
    const { turn } = this;
    // Whatever happens next, try again unless welcomed.
    this.retry = setTimeout(() => this.renew(), WELCOME_WITHIN_MS + this.backoff.next());
    const body = await this.o.describe();
    const bootCount = await boot.next();
    if (turn !== this.turn) return;
    const sender: SessionSender = new SessionSender({
      agentId: identity.agentId,
      sid: randomBytes(16).toString('hex'),
      keyring: this.keyring,
      transport,
      clock: this.clock,
      onLost: (error) => {
        this.report(error);
        if (this.sender === sender) this.renew();
      },
    });
    this.sender = sender;
    this.greeting = { nonce: randomBytes(16).toString('hex'), sentAtMs: this.clock.monotonicMs() };
    sender.hello(bootCount, this.greeting.nonce, body);
  }

  private async received(entries: readonly TransportEntry[]): Promise<void> {
    let refused = 0;
    for (const { bytes } of entries) {
      try {
        if (bytes === undefined) throw new EnvelopeError('bad_message', 'not an entry of ours');
        if (!this.handle(bytes)) refused += 1;
      } catch (error) {
        refused += 1;
        if (error instanceof EnvelopeError) this.refuse(error.fault, error.message);
        else this.report(error);
      }
    }
    const pauseMs = refused > TOLERATED_REFUSALS ? Math.min(refused * 4, MAX_FLOOD_PAUSE_MS) : 0;
    // Even without a pause the event loop gets its turn between two reads.
    await new Promise((resolve) => (pauseMs > 0 ? setTimeout(resolve, pauseMs) : setImmediate(resolve)));
  }

  /** The checks in the order of the design: size, header, seal, signature (in `open`), address and session, then the rest. */
  private handle(bytes: Buffer): boolean {
    const message: GatewayMessage = parseGatewayMessage(this.keyring.open(bytes).json);
    if (message.to !== this.o.identity.agentId) return this.refuse('wrong_agent', 'addressed to another agent');
    const { sender } = this;
    if (message.sid !== sender?.sid) return this.refuse('wrong_session', 'of another session');
    switch (message.t) {
      case 'welcome':
        return this.welcome(message, sender);
      case 'ack':
        if (!this.welcomed || !sender.acknowledge(message.seq)) return this.refuse('bad_ack', 'for nothing we sent');
        // The first acknowledgement after the welcome shows that the whole round works.
        if (message.seq > 1) this.backoff.reset();
        this.notify(this.ackListeners, { sid: sender.sid, seq: message.seq });
        return true;
      case 'reset':
        this.renew();
        return true;
      case 'cmd':
        return this.command(message);
    }
  }

  private welcome(message: WelcomeMessage, sender: SessionSender): boolean {
    const { greeting } = this;
    if (this.welcomed) return this.refuse('replay', 'welcomed before');
    if (greeting === undefined || message.nonce !== greeting.nonce) return this.refuse('bad_nonce', 'not our greeting');
    if (this.clock.monotonicMs() - greeting.sentAtMs > WELCOME_WITHIN_MS) {
      // Too old to set the clock by, yet authentic: the gateway lives, so greet it again at once.
      this.renew(0);
      return this.refuse('late_welcome', 'the welcome took too long');
    }
    clearTimeout(this.retry);
    this.gatewayClock.sync(message.now, greeting.sentAtMs);
    this.welcomed = true;
    sender.acknowledge(1);
    this.commands.sessionBegan();
    this.notify(this.sessionListeners, sender.sid);
    return true;
  }

  private command(message: CommandMessage): boolean {
    if (!this.welcomed || this.gatewayClock.isDoubtful) return this.refuse('not_welcomed', 'no clock to judge it by');
    return this.commands.take(message);
  }

  private async trust(keys: readonly GatewayPublicKeys[]): Promise<void> {
    await this.o.trust?.(keys);
    this.gatewayKeys = keys;
    this.keyring.replace([this.o.identity.keys], keys);
  }

  private refuse(code: string, detail: string): false {
    this.refusals.raise(code, detail);
    return false;
  }

  private notify<T>(listeners: readonly ((value: T) => void)[], value: T): void {
    for (const listener of listeners) {
      try {
        listener(value);
      } catch (error) {
        this.report(error);
      }
    }
  }

  private readonly report = (error: unknown): void => {
    this.o.onError?.(error instanceof Error ? error : new CommandError('agent/internal', String(error), 'bug'));
  };
}
