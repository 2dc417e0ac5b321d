import { CommandError } from '../errors/call.errors.js';
import { KeyError } from '../errors/envelope.error.js';
import { loadPublicKeys, serialisePublicKeys } from '../keys/key-serialisation.js';
import type { GatewayPublicKeys } from '../keys/keys.js';
import { isCommandId } from '../messages/parse-message.js';
import type { CommandJournal } from './command-journal.js';

/** How long the old gateway key is still believed after a rotation, milliseconds. */
const KEY_OVERLAP_MS = 24 * 3_600_000;

export interface BuiltinCommandsOptions {
  readonly journal: CommandJournal;
  isActive(id: string): boolean;
  cancel(id: string): boolean;
  hasSeen(id: string): boolean;
  gatewayKeys(): readonly GatewayPublicKeys[];
  /** Gateway time, milliseconds. */
  now(): number;
  /** Persists, then uses the keys. Undefined when the application does not allow rotation. */
  readonly trust: ((keys: readonly GatewayPublicKeys[]) => Promise<void>) | undefined;
}

type Handler = (args: unknown) => Promise<unknown>;

/** Commands that the channel answers itself; they wait for nothing. */
export class BuiltinCommands {
  private readonly handlers: ReadonlyMap<string, Handler>;

  constructor(private readonly o: BuiltinCommandsOptions) {
    this.handlers = new Map<string, Handler>([
      ['cmd.ping', () => Promise.resolve({})],
      ['cmd.cancel', (args) => Promise.resolve({ cancelled: o.cancel(idOf(args)) })],
      ['cmd.outcome', (args) => this.outcome(idOf(args))],
      ['key.rotate', (args) => this.rotate(args)],
    ]);
  }

  find(cmd: string): Handler | undefined {
    return this.handlers.get(cmd);
  }

  /** `never` is only said of a command that did not and, its session being over or its id now known, cannot run. */
  private async outcome(id: string): Promise<unknown> {
    if (this.o.isActive(id)) return { state: 'pending' };
    const journaled = await this.o.journal.outcome(id);
    if (journaled !== undefined) return journaled;
    return { state: this.o.hasSeen(id) ? 'begun' : 'never' };
  }

  private async rotate(args: unknown): Promise<unknown> {
    if (this.o.trust === undefined)
      throw new CommandError('channel/rotation-refused', 'Key rotation is not allowed here');
    let next: GatewayPublicKeys;
    try {
      next = loadPublicKeys(args);
    } catch (cause) {
      if (!(cause instanceof KeyError)) throw cause;
      throw new CommandError('channel/bad-key', cause.message, 'user', undefined, { cause });
    }
    const known = this.o.gatewayKeys();
    const same = known.find((keys) => keys.kid === next.kid);
    if (same !== undefined) {
      const isEqual = JSON.stringify(strip(same)) === JSON.stringify(strip(next));
      if (!isEqual) throw new CommandError('channel/bad-key', 'Another key has this id');
      return { kid: next.kid };
    }
    const until = Math.round(this.o.now()) + KEY_OVERLAP_MS;
    const old = known
      .filter((keys) => (keys.validUntil ?? Infinity) > this.o.now())
      .map((keys) => ({ ...keys, validUntil: Math.min(keys.validUntil ?? Infinity, until) }));
    await this.o.trust([next, ...old]);
    return { kid: next.kid };
  }
}

function strip(keys: GatewayPublicKeys): { ed25519: string; x25519: string } {
  const { ed25519, x25519 } = serialisePublicKeys(keys);
  return { ed25519, x25519 };
}

function idOf(args: unknown): string {
  const id = typeof args === 'object' && args !== null ? (args as { id?: unknown }).id : undefined;
  if (typeof id !== 'string' || !isCommandId(id))
    throw new CommandError('channel/bad-arguments', 'A command id is missing');
  return id;
}
