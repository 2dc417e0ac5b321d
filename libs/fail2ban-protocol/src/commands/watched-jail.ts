import { type WatchedJailName, watchedJailName } from '../values/jail-name.js';
import { type BanWithTime, parseBanLine } from './ban-line.js';
import type { CommandChannel, RequestOptions } from './command-channel.js';
import { expectIds, expectNumber } from './expect.js';
import { type JailStatus, readJailStatus } from './jail-status.js';
import { mapInSlices } from './slices.js';

/** Questions about one jail, whatever its name; nothing here changes anything. Acts are {@link JailCommands}' alone. */
export class WatchedJail {
  readonly name: WatchedJailName;

  /** @throws {InvalidJailNameError} for names that fail2ban takes for something else */
  constructor(
    private readonly channel: CommandChannel,
    name: string,
  ) {
    this.name = watchedJailName(name);
  }

  /** Counters and sources, without the banned ids. */
  async statusShort(options?: RequestOptions): Promise<JailStatus> {
    return readJailStatus(await this.channel.call(['status', this.name, 'short'], 'read', options));
  }

  /** Banned ids with their times, the next to expire first. Costs the server up to 1 s for 50,000 bans. */
  async bansWithTimes(options?: RequestOptions): Promise<BanWithTime[]> {
    const reply = await this.channel.call(['get', this.name, 'banip', '--with-time'], 'list', options);
    return mapInSlices(expectIds(reply, 'banip'), parseBanLine);
  }

  /** Seconds, possibly with a fraction. */
  findtime(options?: RequestOptions): Promise<number> {
    return this.number('findtime', options);
  }

  /** Seconds; −1 = permanent. */
  bantime(options?: RequestOptions): Promise<number> {
    return this.number('bantime', options);
  }

  /** Failures within `findtime` that lead to a ban. */
  maxretry(options?: RequestOptions): Promise<number> {
    return this.number('maxretry', options);
  }

  private async number(what: string, options?: RequestOptions): Promise<number> {
    return expectNumber(await this.channel.call(['get', this.name, what], 'read', options), what);
  }
}
