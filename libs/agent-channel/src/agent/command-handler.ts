import { CommandError } from '../errors/call.errors.js';
import type { GatewayPublicKeys } from '../keys/keys.js';
import { ANSWER_GRACE_MS } from '../messages/limits.js';
import type { CommandMessage } from '../messages/message.js';
import type { GatewayClock } from '../time/gateway-clock.js';
import { TokenBucket } from '../time/token-bucket.js';
import type { AgentEndpointOptions } from './agent-options.js';
import { type Answer, refusal } from './answer.js';
import { AnswerDesk } from './answer-desk.js';
import { BuiltinCommands } from './builtin-commands.js';
import { CommandGate } from './command-gate.js';
import { CommandLanes } from './command-lanes.js';
import type { SessionSender } from './session-sender.js';

export interface CommandHandlerOptions {
  readonly endpoint: AgentEndpointOptions;
  readonly gatewayClock: GatewayClock;
  monotonicMs(): number;
  /** The welcomed session, if there is one. */
  sender(): SessionSender | undefined;
  gatewayKeys(): readonly GatewayPublicKeys[];
  trust(keys: readonly GatewayPublicKeys[]): Promise<void>;
  /** A command was not obeyed. */
  onRefusal(code: string, detail: string): void;
  onError(error: unknown): void;
}

/** What happens to commands from the moment their signature and session are known to be right until their answer is stored. */
export class CommandHandler {
  private readonly gate: CommandGate;
  private readonly lanes: CommandLanes;
  private readonly builtins: BuiltinCommands;
  private readonly desk: AnswerDesk;

  constructor(private readonly o: CommandHandlerOptions) {
    const { endpoint, gatewayClock } = o;
    const { rate = { perSecond: 2_000, burst: 4_000 } } = endpoint;
    const now = (): number => gatewayClock.now();
    this.gate = new CommandGate(gatewayClock, new TokenBucket(rate.perSecond, rate.burst, () => o.monotonicMs()));
    this.desk = new AnswerDesk(
      () => o.sender(),
      now,
      (error) => o.onError(error),
    );
    this.lanes = new CommandLanes({
      journal: endpoint.journal,
      run: (command, signal) => endpoint.run(command, signal),
      isRead: (cmd) => endpoint.isRead(cmd),
      now,
      answer: (answer) => this.desk.deliver(answer),
      onError: (error) => o.onError(error),
    });
    this.builtins = new BuiltinCommands({
      journal: endpoint.journal,
      isActive: (id) => this.lanes.has(id) || this.desk.has(id),
      cancel: (id) => this.lanes.cancel(id),
      hasSeen: (id) => this.gate.hasSeen(id),
      gatewayKeys: () => o.gatewayKeys(),
      now,
      trust: endpoint.trust === undefined ? undefined : (keys) => o.trust(keys),
    });
  }

  /** Takes a command of the welcomed session; false when it was refused. */
  take(message: CommandMessage): boolean {
    const verdict = this.gate.judge(message);
    switch (verdict.kind) {
      case 'incomplete':
        return true;
      case 'refused': {
        const { code, detail } = verdict;
        if (verdict.answer) this.desk.deliver(refusal(message.id, message.exp + ANSWER_GRACE_MS, code, detail));
        this.o.onRefusal(code.replaceAll('-', '_'), detail);
        return false;
      }
      case 'run': {
        const { command } = verdict;
        const builtin = this.builtins.find(command.cmd);
        if (builtin === undefined) this.lanes.submit(command);
        else void this.builtin(command.id, command.until, builtin(command.args));
        return true;
      }
    }
  }

  /** A session ended; `unanswered` goes out again in the next. */
  sessionEnded(unanswered: readonly Answer[]): void {
    this.gate.forgetParts();
    this.desk.keep(unanswered);
  }

  /** A session was welcomed. */
  sessionBegan(): void {
    this.desk.flush();
  }

  /** Forgets what has expired. */
  prune(): void {
    this.gate.prune();
  }

  /** Aborts what runs. */
  stop(): void {
    this.lanes.stop();
  }

  private async builtin(re: string, until: number, running: Promise<unknown>): Promise<void> {
    let outcome: Answer['outcome'];
    try {
      outcome = { ok: true, result: await running };
    } catch (error) {
      const known =
        error instanceof CommandError ? error : new CommandError('agent/internal', 'Unexpected error', 'bug');
      if (known !== error) this.o.onError(error);
      outcome = { ok: false, err: { code: known.code, kind: known.kind, detail: known.detail } };
    }
    this.desk.deliver({ re, until, outcome });
  }
}
