import { randomUUID } from 'node:crypto';
import { AgentOfflineError, ChannelDownError, OutcomeUnknownError } from '../errors/call.errors.js';
import { ChannelError } from '../errors/channel.error.js';
import { EnvelopeError } from '../errors/envelope.error.js';
import { publicKeysOf, serialisePublicKeys } from '../keys/key-serialisation.js';
import type { GatewayKeys } from '../keys/keys.js';
import { ANSWER_GRACE_MS, MAX_TTL_MS } from '../messages/limits.js';
import type { GatewayMessage, ResultMessage } from '../messages/message.js';
import { isCommandName } from '../messages/parse-message.js';
import { type Clock, systemClock } from '../time/clock.js';
import type { TransportEntry } from '../transport/transport.js';
import type { AgentLink } from './agent-link.js';
import { AgentRoster } from './agent-roster.js';
import { AlarmBook } from './alarm-book.js';
import { writeCommand, writeMessage } from './command-writer.js';
import type { CallOptions, GatewayEndpointOptions, StoredSession } from './gateway-options.js';
import { PendingCalls } from './pending-calls.js';
import { Presence } from './presence.js';
import { StreamGuard } from './stream-guard.js';

const DEFAULT_TTL_MS = 10_000;
const PING_TTL_MS = 4_000;

/** The gateway's end of the channel: calls agents, follows and verifies what they send, knows who is there. */
export class GatewayEndpoint {
  private readonly clock: Clock;
  private readonly epochMs: number;
  private readonly roster: AgentRoster;
  private readonly pending = new PendingCalls();
  private readonly alarms: AlarmBook;
  private readonly presence: Presence;
  private readonly guard: StreamGuard;
  private keys: GatewayKeys;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(private readonly o: GatewayEndpointOptions) {
    this.clock = o.clock ?? systemClock;
    // Steady time: agents set their offset by it, so it must not jump with the wall clock.
    this.epochMs = this.clock.wallMs() - this.clock.monotonicMs();
    this.keys = o.keys;
    this.alarms = new AlarmBook((alarm) => o.onAlarm(alarm), this.clock);
    this.presence = new Presence(o.offlineAfterMs ?? 30_000, (agentId, online) => {
      o.onPresence({ agentId, online, at: Math.round(this.now()) });
    });
    this.guard = new StreamGuard(o.transport, (agentId, code, detail) => this.alarms.raise(agentId, code, detail));
    this.roster = new AgentRoster(
      {
        endpoint: o,
        events: {
          onAlarm: (agentId, code, detail) => this.alarms.raise(agentId, code, detail),
          onResult: (link, message) => this.onResult(link, message),
          onReset: (link, sid, reason) => this.reset(link, sid, reason),
          onStored: (link, session, hasHello) => this.onStored(link, session, hasHello),
          onFollowed: (link) => this.ping(link),
          onForgotten: ({ agentId }) => this.forget(agentId),
          onError: this.report,
        },
        now: () => this.now(),
        wallMs: () => this.clock.wallMs(),
        monotonicMs: () => this.clock.monotonicMs(),
      },
      o.keys,
    );
  }

  /** Loads the agents and begins to follow them from where their stored sessions ended. */
  async start(): Promise<void> {
    await this.o.transport.open({
      connected: () => {
        for (const link of this.roster.links) this.ping(link);
      },
      disconnected: (reason) => this.report(new ChannelError('agent/channel-down', 'operational', reason)),
      failed: this.report,
      received: (agentId, entries) => this.received(agentId, entries),
      agentsChanged: () => void this.roster.reload().catch(this.report),
      unreadable: (agentId, detail) => this.guard.unreadable(agentId, detail, this.roster.get(agentId)),
    });
    await this.roster.reload();
    this.timer = setInterval(() => this.tick(), Math.min(1_000, (this.o.offlineAfterMs ?? 30_000) / 10));
  }

  /** Stops following; calls that still wait reject with `OutcomeUnknownError`. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    this.guard.stop();
    this.pending.close();
    this.roster.stop();
    await this.o.transport.close();
  }

  /** Takes over agents added, removed or re-keyed in the directory, here and in the gateway that reads. */
  async refresh(): Promise<void> {
    await this.roster.reload();
    await this.o.transport.announceAgentsChanged();
  }

  /** Whether an agent is there: its session is followed, it has answered in it, and it was heard lately. */
  isOnline(agentId: string): boolean {
    const link = this.roster.get(agentId);
    return link !== undefined && this.presence.isHere(link);
  }

  /**
   * Uses other keys from now on. Agents that still know only an older pair are told the current one (`key.rotate`,
   * under the older); keep older pairs in `all` for 24 hours.
   */
  useKeys(keys: GatewayKeys): void {
    this.keys = keys;
    this.roster.useKeys(keys);
    for (const link of this.roster.links) this.rotateIfBehind(link);
  }

  /**
   * Runs a command on an agent and resolves to its result.
   * @throws {AgentOfflineError} at once; the command was not sent, or provably never read
   * @throws {ChannelDownError} at once; the command was not sent
   * @throws {CommandRefusedError} with the agent's own code
   * @throws {OutcomeUnknownError} no answer within `ttlMs` + 1.5 s, or aborted
   * @throws {MessageTooLargeError} arguments over 8 MiB
   */
  async call(agentId: string, cmd: string, args: unknown, options: CallOptions = {}): Promise<unknown> {
    const link = this.roster.get(agentId);
    const sid = link?.liveSid;
    if (link === undefined || sid === undefined || !this.presence.isHere(link)) throw new AgentOfflineError(agentId);
    return this.dispatch(link, sid, cmd, args, options);
  }

  private dispatch(link: AgentLink, sid: string, cmd: string, args: unknown, o: CallOptions): Promise<unknown> {
    if (!this.o.transport.isConnected) throw new ChannelDownError();
    const { agentId } = link;
    const { ttlMs = DEFAULT_TTL_MS, signal, correlationId } = o;
    if (!isCommandName(cmd)) throw new ChannelError('agent/bad-command', 'bug', 'Not the name of a command');
    if (!(ttlMs > 0 && ttlMs <= MAX_TTL_MS)) throw new ChannelError('agent/bad-ttl', 'bug', 'TTL is 1 to 120,000 ms');
    const id = randomUUID();
    signal?.throwIfAborted();
    const iat = Math.round(this.now());
    const cid = correlationId === undefined ? {} : { cid: correlationId };
    const parts = writeCommand({
      t: 'cmd',
      id,
      to: agentId,
      sid,
      iat,
      exp: iat + ttlMs,
      cmd,
      args: args ?? null,
      ...cid,
    });
    const sentAtMs = this.clock.monotonicMs();
    const onAbort = (): void => this.cancel(link, id);
    const answer = new Promise((resolve, reject) => {
      this.pending.add({ id, agentId, sid, cmd, ttlMs, sentAtMs, resolve, reject }, ttlMs + ANSWER_GRACE_MS);
      for (const part of parts) {
        this.send(link, part).catch((cause: unknown) => {
          // Redis says it was not written, but Redis is not to be believed: it may yet be carried out.
          const detail = 'it may not have been sent';
          this.pending.fail(id, new OutcomeUnknownError(agentId, id, detail, { cause }));
        });
      }
    });
    if (signal === undefined) return answer;
    signal.addEventListener('abort', onAbort, { once: true });
    return answer.finally(() => signal.removeEventListener('abort', onAbort));
  }

  private cancel(link: AgentLink, id: string): void {
    if (this.pending.get(id) === undefined) return;
    this.pending.fail(id, new OutcomeUnknownError(link.agentId, id, 'cancelled by its caller'));
    this.ask(link, 'cmd.cancel', { id }).catch(this.report);
  }

  /** A command of the channel's own: sent when there is a session at all, answered or not. */
  private async ask(link: AgentLink, cmd: string, args: unknown): Promise<unknown> {
    const sid = link.liveSid;
    if (sid === undefined || !this.o.transport.isConnected) return undefined;
    try {
      return await this.dispatch(link, sid, cmd, args, { ttlMs: PING_TTL_MS });
    } catch (error) {
      if (error instanceof OutcomeUnknownError || error instanceof AgentOfflineError) return undefined;
      throw error;
    }
  }

  private ping(link: AgentLink): void {
    void this.ask(link, 'cmd.ping', {}).catch(this.report);
  }

  /** Async so that a failure to seal rejects; what it does happens at once, which keeps messages in call order. */
  private async send(link: AgentLink, json: Buffer): Promise<void> {
    const { kids } = link;
    return this.o.transport.send(link.agentId, link.keyring.seal(json, kids?.mine, kids?.theirs));
  }

  private tell(link: AgentLink, message: GatewayMessage): void {
    this.send(link, writeMessage(message)).catch(this.report);
  }

  private received(agentId: string, entries: readonly TransportEntry[]): void {
    const link = this.roster.get(agentId);
    if (link === undefined || this.isStopped) return;
    try {
      const bad = link.accept(entries);
      this.guard.judge(link, bad, this.now());
    } catch (error) {
      this.report(error);
    }
  }

  private onResult(link: AgentLink, message: ResultMessage): void {
    let call;
    try {
      call = this.pending.answer(link.agentId, message);
    } catch (error) {
      if (!(error instanceof EnvelopeError)) throw error;
      this.alarms.raise(link.agentId, 'bad_message', error.message);
      return;
    }
    if (call === undefined) return;
    if (call.sid === link.liveSid && message.sid === call.sid) {
      link.isConfirmed = true;
      this.presence.update(link);
    }
    const isEarly = this.clock.monotonicMs() - call.sentAtMs < call.ttlMs / 2;
    if (isEarly && (message.err?.code === 'channel/expired' || message.err?.code === 'channel/ttl-too-long')) {
      this.alarms.raise(link.agentId, 'clock', 'the agent’s idea of our clock is off; asked for a new session');
      this.reset(link, message.sid, 'clock');
    }
  }

  private onStored(link: AgentLink, session: StoredSession, hasHello: boolean): void {
    const { agentId } = link;
    this.guard.resume(link);
    if (link.liveSid !== session.sid || this.isStopped) return;
    const address = { to: agentId, sid: session.sid };
    if (hasHello) {
      const { nonce } = link;
      this.tell(link, { t: 'welcome', ...address, nonce, now: Math.round(this.now()), kid: this.keys.current });
      this.ping(link);
      this.rotateIfBehind(link);
      for (const call of this.pending.strandedBy(agentId, session.sid)) void this.askOutcome(link, call.id);
    }
    if (session.seq > 1) this.tell(link, { t: 'ack', ...address, seq: session.seq });
  }

  private async askOutcome(link: AgentLink, id: string): Promise<void> {
    try {
      this.pending.settle(id, await this.ask(link, 'cmd.outcome', { id }));
    } catch (error) {
      this.report(error);
    }
  }

  private rotateIfBehind(link: AgentLink): void {
    const current = this.keys.all.find((pair) => pair.kid === this.keys.current);
    if (current === undefined || link.kids === undefined || link.kids.mine === current.kid) return;
    this.ask(link, 'key.rotate', serialisePublicKeys(publicKeysOf(current))).catch(this.report);
  }

  private reset(link: AgentLink, sid: string, reason: string): void {
    this.tell(link, { t: 'reset', to: link.agentId, sid, reason });
  }

  private forget(agentId: string): void {
    this.guard.forget(agentId);
    this.pending.close(agentId);
    this.presence.forget(agentId);
  }

  private tick(): void {
    this.alarms.tick();
    for (const link of this.roster.links) {
      if (this.presence.needsPing(link)) this.ping(link);
      this.presence.update(link);
    }
  }

  private now(): number {
    return this.epochMs + this.clock.monotonicMs();
  }

  private readonly report = (error: unknown): void => {
    this.o.onError?.(error instanceof Error ? error : new ChannelError('agent/internal', 'bug', String(error)));
  };
}
