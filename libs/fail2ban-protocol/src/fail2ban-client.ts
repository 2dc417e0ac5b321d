import type { PyValue } from './codec/py-value.js';
import type { RequestValue } from './codec/request-writer.js';
import { CommandChannel, type Fail2banClientOptions, type RequestOptions } from './commands/command-channel.js';
import { JailCommands } from './commands/jail-commands.js';
import { JailLifecycleCommands } from './commands/jail-lifecycle-commands.js';
import { ServerCommands } from './commands/server-commands.js';
import { WatchedJail } from './commands/watched-jail.js';
import { SettingsCommands } from './commands/settings-commands.js';
import { classOf } from './connection/command-timeouts.js';

/**
 * A client of one fail2ban server: one kept connection, one command at a time, the urgent ones first.
 * Whoever may write to the socket is root on the host: check what you are asked to do before you do it here.
 */
export class Fail2banClient implements AsyncDisposable {
  /** The server as a whole. */
  readonly server: ServerCommands;
  /** The server's own settings. */
  readonly settings: SettingsCommands;
  /** Creating, starting and removing jails. */
  readonly jails: JailLifecycleCommands;
  private readonly channel: CommandChannel;

  constructor(options: Fail2banClientOptions) {
    this.channel = new CommandChannel(options);
    this.server = new ServerCommands(this.channel);
    this.settings = new SettingsCommands(this.channel);
    this.jails = new JailLifecycleCommands(this.channel);
  }

  /** Commands to one jail, whether it exists or not. @throws {InvalidJailNameError} */
  jail(name: string): JailCommands {
    return new JailCommands(this.channel, name);
  }

  /** Questions about one jail, also one whose name no act may carry. @throws {InvalidJailNameError} */
  watch(name: string): WatchedJail {
    return new WatchedJail(this.channel, name);
  }

  /** Whether a connection is open right now. Every command opens one when needed. */
  get isConnected(): boolean {
    return this.channel.isConnected;
  }

  /**
   * Sends one command as it is and returns the value of the reply. Nothing is checked except that it is not `sleep`:
   * some values are evaluated by the server, as root.
   * @throws {Fail2banRaisedError} with `type` and `args` of the Python exception
   */
  request(words: readonly RequestValue[], options?: RequestOptions): Promise<PyValue> {
    return this.channel.call(words, classOf(words), options);
  }

  /** Fails what waits and closes the connection. */
  close(): Promise<void> {
    return this.channel.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
