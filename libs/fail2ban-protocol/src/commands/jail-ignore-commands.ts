import type { PyValue } from '../codec/py-value.js';
import { SettingNotAppliedError } from '../errors/connection.errors.js';
import { InvalidValueError } from '../errors/input.errors.js';
import { timeWord } from '../values/time-expression.js';
import { integerWord, oneOf, pathWord, USE_DNS, type UseDns } from '../values/words.js';
import { assertTaken } from './applied.js';
import type { RequestOptions } from './command-channel.js';
import { expectBoolean, expectList, expectNumber, expectText } from './expect.js';
import { findIgnored, ignoreWord, readIgnoreList } from './ignore-list.js';
import type { JailChannel } from './jail-channel.js';

/** Remembers for whom `ignorecommand` was asked lately. */
export interface IgnoreCache {
  /** Text with tags that tells callers apart, e.g. `<ip>`. */
  readonly key: string;
  readonly maxCount: number;
  readonly maxTimeSeconds: number;
}

/** Whom a jail never counts, and how it treats names. */
export class JailIgnoreCommands {
  constructor(protected readonly jail: JailChannel) {}

  async usedns(options?: RequestOptions): Promise<string> {
    return this.text('usedns', options);
  }

  /** Affects regexes added afterwards. `yes` and `warn` let attackers make the server resolve names. */
  async setUsedns(mode: UseDns, options?: RequestOptions): Promise<void> {
    const word = oneOf(mode, USE_DNS, 'usedns');
    assertTaken(this.label('usedns'), word, await this.jail.set(['usedns', word], options));
  }

  /** Whether the host's own addresses are ignored. */
  async ignoreself(options?: RequestOptions): Promise<boolean> {
    return expectBoolean(await this.jail.get(['ignoreself'], options), 'ignoreself');
  }

  async setIgnoreself(value: boolean, options?: RequestOptions): Promise<void> {
    const word = value ? 'true' : 'false';
    assertTaken(this.label('ignoreself'), value, await this.jail.set(['ignoreself', word], options));
  }

  /** The ignore list: networks and names first, then addresses in no particular order. */
  async ignoreip(options?: RequestOptions): Promise<string[]> {
    return readIgnoreList(await this.jail.get(['ignoreip'], options));
  }

  /**
   * Adds addresses, networks or host names; those that are there already do no harm. Bans that exist stay.
   * @throws {InvalidValueError} for anything else
   */
  async addIgnoreip(entries: readonly string[], options?: RequestOptions): Promise<string[]> {
    if (entries.length === 0) throw new InvalidValueError('ignoreip', 'at least one');
    const words = entries.map(ignoreWord);
    const list = readIgnoreList(await this.jail.set(['addignoreip', ...words], options));
    for (const word of words) {
      if (findIgnored(list, word) === undefined)
        throw new SettingNotAppliedError(this.label('ignoreip'), word, list.join());
    }
    return list;
  }

  /**
   * Adds a file of addresses that fail2ban reads when needed and again when it changed.
   * @throws {UnsupportedCommandError} before 1.1.1
   */
  async addIgnoreipFile(path: string, options?: RequestOptions): Promise<string[]> {
    const word = `file:${pathWord(path, 'ignoreip')}`;
    await this.jail.channel.require('ignoreip file:', '1.1.1', options);
    const list = readIgnoreList(await this.jail.set(['addignoreip', word], options));
    if (!list.includes(word)) throw new SettingNotAppliedError(this.label('ignoreip'), word, list.join());
    return list;
  }

  /** Removes an entry, in whatever spelling it is stored. @throws {Fail2banRaisedError} (`ValueError`) when absent */
  async removeIgnoreip(entry: string, options?: RequestOptions): Promise<string[]> {
    const stored = findIgnored(await this.ignoreip(options), entry) ?? entry;
    const list = readIgnoreList(await this.jail.set(['delignoreip', stored], options));
    if (list.includes(stored)) throw new SettingNotAppliedError(this.label('ignoreip'), `no ${stored}`, list.join());
    return list;
  }

  /** Command asked whether to ignore an address; empty when there is none. */
  async ignorecommand(options?: RequestOptions): Promise<string> {
    const reply = await this.jail.get(['ignorecommand'], options);
    // Never set, it is False.
    return reply === false ? '' : expectText(reply, 'ignorecommand');
  }

  /** @param command run by the server as root; empty for none */
  async setIgnorecommand(command: string, options?: RequestOptions): Promise<void> {
    assertTaken(this.label('ignorecommand'), command, await this.jail.set(['ignorecommand', command], options));
  }

  async ignorecache(options?: RequestOptions): Promise<IgnoreCache | null> {
    return readIgnoreCache(await this.jail.get(['ignorecache'], options));
  }

  /** @param cache null for none */
  async setIgnorecache(cache: IgnoreCache | null, options?: RequestOptions): Promise<void> {
    const taken = readIgnoreCache(await this.jail.set(['ignorecache', cacheWord(cache)], options));
    assertTaken(this.label('ignorecache'), cache?.key ?? null, taken?.key ?? null);
  }

  protected label(name: string): string {
    return `${this.jail.name} ${name}`;
  }

  protected async text(name: string, options?: RequestOptions): Promise<string> {
    return expectText(await this.jail.get([name], options), name);
  }
}

function readIgnoreCache(value: PyValue): IgnoreCache | null {
  if (value === null) return null;
  const [key, maxCount, maxTimeSeconds] = expectList(value, 'ignorecache');
  return {
    key: expectText(key, 'ignorecache'),
    maxCount: expectNumber(maxCount, 'ignorecache'),
    maxTimeSeconds: expectNumber(maxTimeSeconds, 'ignorecache'),
  };
}

function cacheWord(cache: IgnoreCache | null): string {
  if (cache === null) return '';
  // The key goes between double quotes, and the options are read by a pattern that ends at the next one.
  if (cache.key === '' || /["\r\n\]]/.test(cache.key))
    throw new InvalidValueError('ignorecache', 'a key without quotes');
  const count = integerWord(cache.maxCount, 1, 1_000_000, 'ignorecache');
  return `key="${cache.key}", max-count=${count}, max-time=${timeWord(cache.maxTimeSeconds, 'ignorecache')}`;
}
