import { timeWord } from '../values/time-expression.js';
import { integerWord } from '../values/words.js';
import { assertTaken } from './applied.js';
import type { RequestOptions } from './command-channel.js';
import { expectNumber } from './expect.js';
import type { JailChannel } from './jail-channel.js';

const MAX_COUNT = 1_000_000;

/** How many failures within which time lead to a ban of which length. */
export class JailTimesCommands {
  constructor(private readonly jail: JailChannel) {}

  /** Seconds; −1 = permanent. */
  bantime(options?: RequestOptions): Promise<number> {
    return this.number('bantime', options);
  }

  /**
   * Changes the expiry of bans that exist, too.
   * @param time seconds, a time expression, or −1 = permanent
   */
  async setBantime(time: number | string, options?: RequestOptions): Promise<void> {
    const word = timeWord(time, 'bantime');
    // fail2ban cuts fractions off bantime, and only off bantime.
    assertTaken(`${this.jail.name} bantime`, Math.trunc(Number(word)), await this.jail.set(['bantime', word], options));
  }

  /** Seconds, possibly with a fraction. */
  findtime(options?: RequestOptions): Promise<number> {
    return this.number('findtime', options);
  }

  /** @param time seconds or a time expression */
  async setFindtime(time: number | string, options?: RequestOptions): Promise<void> {
    const word = timeWord(time, 'findtime');
    assertTaken(`${this.jail.name} findtime`, Number(word), await this.jail.set(['findtime', word], options));
  }

  /** Failures within `findtime` that lead to a ban. */
  maxretry(options?: RequestOptions): Promise<number> {
    return this.number('maxretry', options);
  }

  async setMaxretry(count: number, options?: RequestOptions): Promise<void> {
    await this.setCount('maxretry', count, 0, options);
  }

  /** Log lines kept with a ticket, for actions. */
  maxmatches(options?: RequestOptions): Promise<number> {
    return this.number('maxmatches', options);
  }

  async setMaxmatches(count: number, options?: RequestOptions): Promise<void> {
    await this.setCount('maxmatches', count, 0, options);
  }

  private async number(name: string, options?: RequestOptions): Promise<number> {
    return expectNumber(await this.jail.get([name], options), name);
  }

  private async setCount(name: string, count: number, min: number, options?: RequestOptions): Promise<void> {
    const word = integerWord(count, min, MAX_COUNT, name);
    assertTaken(`${this.jail.name} ${name}`, count, await this.jail.set([name, word], options));
  }
}
