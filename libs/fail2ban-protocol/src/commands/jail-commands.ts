import { jailName, type JailName } from '../values/jail-name.js';
import type { CommandChannel, RequestOptions } from './command-channel.js';
import { JailActionsCommands } from './jail-actions-commands.js';
import { JailBansCommands } from './jail-bans-commands.js';
import { JailChannel } from './jail-channel.js';
import { JailFilterCommands } from './jail-filter-commands.js';
import { JailIncrementCommands } from './jail-increment-commands.js';
import { readJailStats, readJailStatus, type JailStats, type JailStatus } from './jail-status.js';
import { JailTimesCommands } from './jail-times-commands.js';

/** Commands to one jail. Holds no state: cheap to make, valid as long as the client is. */
export class JailCommands {
  readonly name: JailName;
  readonly bans: JailBansCommands;
  readonly filter: JailFilterCommands;
  readonly times: JailTimesCommands;
  readonly increment: JailIncrementCommands;
  readonly actions: JailActionsCommands;

  /** @throws {InvalidJailNameError} */
  constructor(
    private readonly channel: CommandChannel,
    name: string,
  ) {
    this.name = jailName(name);
    const jail = new JailChannel(channel, this.name);
    this.bans = new JailBansCommands(jail);
    this.filter = new JailFilterCommands(jail);
    this.times = new JailTimesCommands(jail);
    this.increment = new JailIncrementCommands(jail);
    this.actions = new JailActionsCommands(jail);
  }

  /** Counters, sources and banned ids. With many bans {@link statusShort} is far cheaper. */
  async status(options?: RequestOptions): Promise<JailStatus> {
    return readJailStatus(await this.channel.call(['status', this.name], 'list', options));
  }

  /** Counters and sources, without the banned ids. */
  async statusShort(options?: RequestOptions): Promise<JailStatus> {
    return readJailStatus(await this.channel.call(['status', this.name, 'short'], 'read', options));
  }

  /** Backend and counters. @throws {UnsupportedCommandError} before 1.1.0 */
  async stats(options?: RequestOptions): Promise<JailStats> {
    await this.channel.require('status JAIL stats', '1.1.0', options);
    return readJailStats(await this.channel.call(['status', this.name, 'stats'], 'read', options));
  }
}
