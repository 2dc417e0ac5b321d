import { SettingNotAppliedError } from '../errors/connection.errors.js';
import { timeWord } from '../values/time-expression.js';
import { integerWord, lineWord, LOG_LEVELS, oneOf, type LogLevel } from '../values/words.js';
import { assertTaken } from './applied.js';
import type { CommandChannel, RequestOptions } from './command-channel.js';
import { expectDict, expectNumber, expectNumberOrNull, expectText, expectTextOrNull } from './expect.js';

const MAX_MATCHES = 1_000_000;

/**
 * Settings of the server. Everything here is volatile: any reload, even of one jail, applies the files again.
 */
export class SettingsCommands {
  constructor(private readonly channel: CommandChannel) {}

  /** A name of {@link LOG_LEVELS} or a number as text. */
  async loglevel(options?: RequestOptions): Promise<string> {
    return expectText(await this.get('loglevel', options), 'loglevel');
  }

  /** @throws {InvalidValueError} for anything but a level's name */
  async setLoglevel(level: LogLevel, options?: RequestOptions): Promise<void> {
    const word = oneOf(level, LOG_LEVELS, 'loglevel');
    assertTaken('loglevel', word, await this.set('loglevel', word, options));
  }

  /** A path or `STDOUT`, `STDERR`, `SYSOUT`, `SYSLOG`, `SYSTEMD-JOURNAL`; options in brackets are not told. */
  async logtarget(options?: RequestOptions): Promise<string> {
    return expectText(await this.get('logtarget', options), 'logtarget');
  }

  /** Takes options in brackets, e.g. `/var/log/fail2ban.log[padding=off]`. The same target again changes nothing. */
  async setLogtarget(target: string, options?: RequestOptions): Promise<void> {
    const reply = await this.set('logtarget', lineWord(target, 'logtarget'), options);
    const wanted = target.replace(/\[.*$/s, '');
    const taken = expectText(reply, 'logtarget');
    if (taken.toUpperCase() !== wanted.toUpperCase()) throw new SettingNotAppliedError('logtarget', wanted, taken);
  }

  /** `auto` or a path. */
  async syslogsocket(options?: RequestOptions): Promise<string> {
    return expectText(await this.get('syslogsocket', options), 'syslogsocket');
  }

  async setSyslogsocket(socket: string, options?: RequestOptions): Promise<void> {
    const word = lineWord(socket, 'syslogsocket');
    assertTaken('syslogsocket', word, await this.set('syslogsocket', word, options));
  }

  /** Path of the database, `:memory:`, or null when there is none. */
  async dbfile(options?: RequestOptions): Promise<string | null> {
    return expectTextOrNull(await this.get('dbfile', options), 'dbfile');
  }

  /** Only possible while there are no jails. Null switches the database off. */
  async setDbfile(path: string | null, options?: RequestOptions): Promise<void> {
    const reply = await this.set('dbfile', path === null ? 'None' : lineWord(path, 'dbfile'), options);
    assertTaken('dbfile', path, reply);
  }

  /** Log lines kept with a ban; null without a database. */
  async dbmaxmatches(options?: RequestOptions): Promise<number | null> {
    return expectNumberOrNull(await this.get('dbmaxmatches', options), 'dbmaxmatches');
  }

  /** @throws {SettingNotAppliedError} when there is no database */
  async setDbmaxmatches(count: number, options?: RequestOptions): Promise<void> {
    const word = integerWord(count, 0, MAX_MATCHES, 'dbmaxmatches');
    assertTaken('dbmaxmatches', count, await this.set('dbmaxmatches', word, options));
  }

  /** Seconds after which bans leave the history; null without a database. */
  async dbpurgeage(options?: RequestOptions): Promise<number | null> {
    return expectNumberOrNull(await this.get('dbpurgeage', options), 'dbpurgeage');
  }

  /** @param age seconds or a time expression @throws {SettingNotAppliedError} when there is no database */
  async setDbpurgeage(age: number | string, options?: RequestOptions): Promise<void> {
    const word = timeWord(age, 'dbpurgeage');
    assertTaken('dbpurgeage', Number(word), await this.set('dbpurgeage', word, options));
  }

  /** Stack size of new threads, KiB; 0 is the system's default. */
  async thread(options?: RequestOptions): Promise<{ stacksize: number }> {
    const reply = expectDict(await this.get('thread', options), 'thread');
    const stacksize = expectNumber(reply['stacksize'], 'stacksize');
    // Python's threading.stack_size(), which fail2ban asks, resets the size to 0 while it tells it.
    if (stacksize !== 0) await this.setThread({ stacksize }, options);
    return { stacksize };
  }

  /** @param stacksize KiB, 0 or at least 32 */
  async setThread({ stacksize }: { stacksize: number }, options?: RequestOptions): Promise<void> {
    integerWord(stacksize, 0, 1_048_576, 'stacksize');
    await this.channel.call(['set', 'thread', { stacksize }], 'write', options);
  }

  /** Whether IPv6 addresses are handled; fail2ban cannot be asked for it. */
  async setAllowipv6(value: 'auto' | 'yes' | 'no', options?: RequestOptions): Promise<void> {
    const word = oneOf(value, ['auto', 'yes', 'no'], 'allowipv6');
    assertTaken('allowipv6', word, await this.set('allowipv6', word, options));
  }

  private get(name: string, options?: RequestOptions) {
    return this.channel.call(['get', name], 'read', options);
  }

  private set(name: string, value: string, options?: RequestOptions) {
    return this.channel.call(['set', name, value], 'write', options);
  }
}
