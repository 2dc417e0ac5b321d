import type { PyValue } from '../codec/py-value.js';
import { DEFAULT_REPLY_LIMITS, type ReplyLimits } from '../codec/reply-limits.js';
import type { RequestValue } from '../codec/request-writer.js';
import { DEFAULT_TIMEOUTS, type CommandClass, type CommandTimeouts } from '../connection/command-timeouts.js';
import { RequestDispatcher } from '../connection/request-dispatcher.js';
import type { RequestPriority } from '../connection/request-queue.js';
import { UnsupportedCommandError } from '../errors/input.errors.js';
import { Fail2banVersion } from './fail2ban-version.js';
import { expectText } from './expect.js';

/** What every command takes besides its own arguments. */
export interface RequestOptions {
  /** Gives the command up. One that was already sent may still be executed. */
  readonly signal?: AbortSignal;
  /** Overrides the time-out of the command's class, milliseconds. */
  readonly timeoutMs?: number;
  /** By default probes are `control`, bans and unbans of many ids `bulk`, the rest `interactive`. */
  readonly priority?: RequestPriority;
}

export interface Fail2banClientOptions {
  /** Absolute path of the server's control socket. */
  readonly socketPath: string;
  /** Overrides single classes of {@link DEFAULT_TIMEOUTS}. */
  readonly timeouts?: Partial<CommandTimeouts>;
  /** Overrides single limits of {@link DEFAULT_REPLY_LIMITS}. */
  readonly limits?: Partial<ReplyLimits>;
  /** How long an absent server is waited for, with growing pauses, before callers are told. Milliseconds, 1,000. */
  readonly connectPatienceMs?: number;
}

/** What the typed commands need of a client: classes of time-outs, and the server's version. */
export class CommandChannel {
  private readonly dispatcher: RequestDispatcher;
  private readonly timeouts: CommandTimeouts;
  private known: { version: Fail2banVersion; generation: number } | undefined;

  constructor(options: Fail2banClientOptions) {
    this.timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
    this.dispatcher = new RequestDispatcher({
      socketPath: options.socketPath,
      limits: { ...DEFAULT_REPLY_LIMITS, ...options.limits },
      connectPatienceMs: options.connectPatienceMs ?? 1_000,
    });
  }

  get isConnected(): boolean {
    return this.dispatcher.isConnected;
  }

  /** Sends one command. @see RequestDispatcher.submit */
  call(
    words: readonly RequestValue[],
    type: CommandClass,
    options: RequestOptions = {},
    onServed?: (elapsedMs: number) => void,
  ): Promise<PyValue> {
    return this.dispatcher.submit(words, {
      priority: options.priority ?? (type === 'probe' ? 'control' : 'interactive'),
      timeoutMs: options.timeoutMs ?? this.timeouts[type],
      signal: options.signal,
      onServed,
    });
  }

  /** The server's version, asked once per connection. */
  async version(options?: RequestOptions): Promise<Fail2banVersion> {
    if (this.known?.generation === this.dispatcher.generation && this.isConnected) return this.known.version;
    const version = Fail2banVersion.parse(expectText(await this.call(['version'], 'probe', options), 'version'));
    this.known = { version, generation: this.dispatcher.generation };
    return version;
  }

  /** @throws {UnsupportedCommandError} when the server is older than `needs` (`major.minor.patch`) */
  async require(command: string, needs: string, options?: RequestOptions): Promise<void> {
    const version = await this.version(options);
    if (!version.atLeast(needs)) throw new UnsupportedCommandError(command, needs, version.text);
  }

  close(): Promise<void> {
    return this.dispatcher.close();
  }
}
