import { AgentOfflineError, CommandRefusedError, OutcomeUnknownError } from '../errors/call.errors.js';
import { ChunkAssembly } from '../messages/chunks.js';
import type { ResultMessage, WireError } from '../messages/message.js';
import { isWireError } from '../messages/parse-message.js';

export interface PendingCall {
  readonly id: string;
  readonly agentId: string;
  /** Session the command was sent in. */
  readonly sid: string;
  readonly cmd: string;
  readonly ttlMs: number;
  readonly sentAtMs: number;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

interface Waiting extends PendingCall {
  readonly timer: NodeJS.Timeout;
  parts: { sid: string; assembly: ChunkAssembly } | undefined;
}

/** Calls that wait for an answer. Every one of them ends: by answer, by time-out or by `close`. */
export class PendingCalls {
  private readonly calls = new Map<string, Waiting>();

  /** Waits `waitMs` for the answer, then rejects with `OutcomeUnknownError`. */
  add(call: PendingCall, waitMs: number): void {
    const timer = setTimeout(() => this.fail(call.id, new OutcomeUnknownError(call.agentId, call.id)), waitMs);
    this.calls.set(call.id, { ...call, timer, parts: undefined });
  }

  /** Commands of an agent that were sent in another session than `sid`. */
  strandedBy(agentId: string, sid: string): PendingCall[] {
    return [...this.calls.values()].filter((call) => call.agentId === agentId && call.sid !== sid);
  }

  get(id: string): PendingCall | undefined {
    return this.calls.get(id);
  }

  /**
   * Takes an answer; returns the call it belongs to, undefined when nobody waits (any more).
   * @throws {EnvelopeError} `bad_message` when the parts of a value do not fit together
   */
  answer(agentId: string, message: ResultMessage): PendingCall | undefined {
    const call = this.calls.get(message.re);
    // Another agent's answer to this id is not an answer, however well it is signed.
    if (call === undefined || call.agentId !== agentId) return undefined;
    if (message.chunk !== undefined) {
      // After a new session the agent sends all parts again.
      if (call.parts?.sid !== message.sid) {
        call.parts = { sid: message.sid, assembly: new ChunkAssembly(message.chunk) };
      }
      const whole = call.parts.assembly.add(message.chunk);
      if (whole !== undefined) this.end(call).resolve(whole.value);
    } else if (message.err !== undefined) this.end(call).reject(refusedError(call, message.err));
    else this.end(call).resolve(message.result);
    return call;
  }

  /** Takes what the agent says, in a later session, has become of a command. */
  settle(id: string, outcome: unknown): void {
    const call = this.calls.get(id);
    if (call === undefined || typeof outcome !== 'object' || outcome === null) return;
    const { state, ok, result, err } = outcome as Record<string, unknown>;
    if (state === 'done' && ok === true) this.end(call).resolve(result);
    else if (state === 'done' && isWireError(err)) this.end(call).reject(refusedError(call, err));
    else if (state === 'never') this.end(call).reject(new AgentOfflineError(call.agentId));
    else if (state === 'begun') {
      this.end(call).reject(new OutcomeUnknownError(call.agentId, id, 'the agent stopped while it ran'));
    }
  }

  fail(id: string, error: Error): void {
    const call = this.calls.get(id);
    if (call !== undefined) this.end(call).reject(error);
  }

  /** Fails every call, or every call of one agent. */
  close(agentId?: string): void {
    for (const call of this.calls.values()) {
      if (agentId !== undefined && call.agentId !== agentId) continue;
      this.fail(call.id, new OutcomeUnknownError(call.agentId, call.id, 'the gateway stopped waiting'));
    }
  }

  private end(call: Waiting): Waiting {
    clearTimeout(call.timer);
    this.calls.delete(call.id);
    return call;
  }
}

function refusedError(call: PendingCall, err: WireError): CommandRefusedError {
  return new CommandRefusedError(call.agentId, call.id, err.code, err.kind, err.detail, err.data);
}
