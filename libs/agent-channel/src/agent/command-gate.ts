import { EnvelopeError } from '../errors/envelope.error.js';
import { ChunkAssembly } from '../messages/chunks.js';
import { ANSWER_GRACE_MS, MAX_TTL_MS, MAX_VALUE_BYTES } from '../messages/limits.js';
import type { CommandMessage } from '../messages/message.js';
import type { GatewayClock } from '../time/gateway-clock.js';
import type { TokenBucket } from '../time/token-bucket.js';
import type { LaneCommand } from './command-lanes.js';

/** Ids are remembered this long past their expiry, milliseconds: nobody waits for an answer by then. */
const REMEMBER_MS = 120_000;
const MAX_ASSEMBLIES = 32;
const MAX_ASSEMBLY_BYTES = 4 * MAX_VALUE_BYTES;

/** What becomes of a command message. `answer` says whether the refusal is told to the gateway. */
export type GateVerdict =
  | { readonly kind: 'run'; readonly command: LaneCommand }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string; readonly answer: boolean };

interface Assembly {
  readonly parts: ChunkAssembly;
  readonly exp: number;
}

/** The checks of a command after seal, signature, address and session: expiry, ceiling, id unseen, parts, rate. */
export class CommandGate {
  /** Command id to the moment it may be forgotten, gateway time. */
  private readonly seen = new Map<string, number>();
  private readonly assemblies = new Map<string, Assembly>();

  constructor(
    private readonly clock: GatewayClock,
    private readonly rate: TokenBucket,
  ) {}

  judge(message: CommandMessage): GateVerdict {
    const { id, exp } = message;
    const now = this.clock.now();
    const isSeen = this.seen.has(id);
    if (now > exp) return this.refuse(message, isSeen, 'expired', 'The command came too late');
    if (exp - now > MAX_TTL_MS) return this.refuse(message, isSeen, 'ttl-too-long', 'The command lives too long');
    // Never answered: the answer could be taken for the first one's.
    if (isSeen) return { kind: 'refused', code: 'replay', detail: 'The command came before', answer: false };
    const args = message.chunk === undefined ? { value: message.args } : this.assemble(message);
    if (args === undefined) return { kind: 'incomplete' };
    this.remember(id, exp);
    if (!this.rate.take()) {
      return { kind: 'refused', code: 'rate', detail: 'Too many commands a second', answer: true };
    }
    const command = {
      id,
      cmd: message.cmd,
      args: args.value,
      correlationId: message.cid,
      exp,
      until: exp + ANSWER_GRACE_MS,
    };
    return { kind: 'run', command };
  }

  /** Whether a command with this id was taken or refused not long ago. */
  hasSeen(id: string): boolean {
    return this.seen.has(id);
  }

  /** Parts of an older session can never be completed: their remainder is refused. */
  forgetParts(): void {
    this.assemblies.clear();
  }

  /** Drops what has expired. */
  prune(): void {
    const now = this.clock.now();
    for (const [id, until] of this.seen) if (until < now) this.seen.delete(id);
    for (const [id, { exp }] of this.assemblies) if (exp < now) this.assemblies.delete(id);
  }

  private remember(id: string, exp: number): void {
    this.seen.set(id, Math.min(exp, this.clock.now() + MAX_TTL_MS) + REMEMBER_MS);
    this.assemblies.delete(id);
  }

  private refuse(message: CommandMessage, isSeen: boolean, code: string, detail: string): GateVerdict {
    this.remember(message.id, message.exp);
    return { kind: 'refused', code, detail, answer: !isSeen };
  }

  private assemble(message: CommandMessage): { value: unknown } | undefined {
    const { id, exp, chunk } = message;
    if (chunk === undefined) return undefined;
    let assembly = this.assemblies.get(id);
    if (assembly === undefined) {
      if (this.assemblies.size >= MAX_ASSEMBLIES || this.heldBytes() > MAX_ASSEMBLY_BYTES) {
        throw new EnvelopeError('bad_message', 'too many values in parts at once');
      }
      assembly = { parts: new ChunkAssembly(chunk), exp };
      this.assemblies.set(id, assembly);
    }
    return assembly.parts.add(chunk);
  }

  private heldBytes(): number {
    let bytes = 0;
    for (const { parts } of this.assemblies.values()) bytes += parts.heldBytes;
    return bytes;
  }
}
