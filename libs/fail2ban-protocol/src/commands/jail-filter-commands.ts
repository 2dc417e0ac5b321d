import type { PyValue } from '../codec/py-value.js';
import { InvalidValueError } from '../errors/input.errors.js';
import { SettingNotAppliedError } from '../errors/connection.errors.js';
import { integerWord, lineWord, pathWord } from '../values/words.js';
import { assertListed, assertTaken } from './applied.js';
import type { RequestOptions } from './command-channel.js';
import { expectList, expectNumber, expectText, expectTextOrNull, expectTexts } from './expect.js';
import type { JailChannel } from './jail-channel.js';
import { JailIgnoreCommands } from './jail-ignore-commands.js';

/** How dates are found in lines: what was set, and its name; `pattern` is null for the built-in ones. */
export interface DatePattern {
  readonly pattern: string | null;
  readonly name: string;
}

const JOURNAL_TOKEN = /^(?:\+|[A-Z0-9_]{1,64}=[^\0\r\n]{0,1000})$/;
const TIMEZONE = /^(?:Z|(?:UTC|GMT)?[+-]\d\d:?(?:\d\d)?|UTC|GMT)$/;

/** What a jail reads and what it takes for a failure. Regexes come back expanded: never write them to files. */
export class JailFilterCommands extends JailIgnoreCommands {
  constructor(jail: JailChannel) {
    super(jail);
  }

  /** Log files; none for systemd jails. */
  async logpath(options?: RequestOptions): Promise<string[]> {
    return expectTexts(await this.jail.get(['logpath'], options), 'logpath');
  }

  /**
   * Watches one more existing file; patterns are not expanded.
   * @param from `head` resumes where the file was left, `tail` skips to its end
   * @throws {SettingNotAppliedError} for jails that read no files
   */
  async addLogpath(path: string, from: 'head' | 'tail' = 'head', options?: RequestOptions): Promise<string[]> {
    const word = pathWord(path, 'logpath');
    const list = expectTexts(await this.jail.set(['addlogpath', word, from], options), 'logpath');
    assertListed(this.label('logpath'), word, list);
    return list;
  }

  /** Stops watching a file; nothing happens when it was not watched. */
  async removeLogpath(path: string, options?: RequestOptions): Promise<string[]> {
    const word = pathWord(path, 'logpath');
    const list = expectTexts(await this.jail.set(['dellogpath', word], options), 'logpath');
    assertListed(this.label('logpath'), word, list, false);
    return list;
  }

  /** Journal matches, each a list of `FIELD=value`; none for jails that read files. */
  async journalmatch(options?: RequestOptions): Promise<string[][]> {
    return readMatches(await this.jail.get(['journalmatch'], options));
  }

  /** @param tokens `FIELD=value`, `+` between alternatives @throws {SettingNotAppliedError} for jails that read files */
  async addJournalmatch(tokens: readonly string[], options?: RequestOptions): Promise<string[][]> {
    const list = readMatches(await this.jail.set(['addjournalmatch', ...journalWords(tokens)], options));
    this.assertJournal(tokens, list, true);
    return list;
  }

  async removeJournalmatch(tokens: readonly string[], options?: RequestOptions): Promise<string[][]> {
    const list = readMatches(await this.jail.set(['deljournalmatch', ...journalWords(tokens)], options));
    this.assertJournal(tokens, list, false);
    return list;
  }

  async logencoding(options?: RequestOptions): Promise<string> {
    return this.text('logencoding', options);
  }

  /** @param encoding a Python codec, or `auto` for the server's locale. Returns the one in force. */
  async setLogencoding(encoding: string, options?: RequestOptions): Promise<string> {
    const words = ['logencoding', lineWord(encoding, 'logencoding')];
    const taken = expectText(await this.jail.set(words, options), 'logencoding');
    if (encoding.toLowerCase() !== 'auto') assertTaken(this.label('logencoding'), encoding, taken);
    return taken;
  }

  /** Part common to all failregexes, tried first; empty when there is none. */
  async prefregex(options?: RequestOptions): Promise<string> {
    return this.text('prefregex', options);
  }

  /** @param regex empty for none. Returns it expanded. @throws {InvalidRegexError} */
  async setPrefregex(regex: string, options?: RequestOptions): Promise<string> {
    return expectText(await this.jail.set(['prefregex', regex], options), 'prefregex');
  }

  async failregex(options?: RequestOptions): Promise<string[]> {
    return expectTexts(await this.jail.get(['failregex'], options), 'failregex');
  }

  /** Returns all, expanded. @throws {InvalidRegexError} */
  addFailregex(regex: string, options?: RequestOptions): Promise<string[]> {
    return this.addRegex('failregex', regex, options);
  }

  /** Adds several in one command. @throws {InvalidRegexError} after those before the bad one were added */
  addFailregexes(regexes: readonly string[], options?: RequestOptions): Promise<void> {
    return this.addRegexes('failregex', regexes, options);
  }

  /** @throws {InvalidValueError} when there is no such index (fail2ban would only log it) */
  removeFailregex(index: number, options?: RequestOptions): Promise<string[]> {
    return this.removeRegex('failregex', index, options);
  }

  async ignoreregex(options?: RequestOptions): Promise<string[]> {
    return expectTexts(await this.jail.get(['ignoreregex'], options), 'ignoreregex');
  }

  /** Returns all, expanded. @throws {InvalidRegexError} */
  addIgnoreregex(regex: string, options?: RequestOptions): Promise<string[]> {
    return this.addRegex('ignoreregex', regex, options);
  }

  /** Adds several in one command. @throws {InvalidRegexError} after those before the bad one were added */
  addIgnoreregexes(regexes: readonly string[], options?: RequestOptions): Promise<void> {
    return this.addRegexes('ignoreregex', regexes, options);
  }

  /** @throws {InvalidValueError} when there is no such index (fail2ban would only log it) */
  removeIgnoreregex(index: number, options?: RequestOptions): Promise<string[]> {
    return this.removeRegex('ignoreregex', index, options);
  }

  /** Null for systemd jails. */
  async datepattern(options?: RequestOptions): Promise<DatePattern | null> {
    return readDatePattern(await this.jail.get(['datepattern'], options));
  }

  /** @param pattern several are separated by line breaks */
  async setDatepattern(pattern: string, options?: RequestOptions): Promise<DatePattern | null> {
    if (pattern === '') throw new InvalidValueError('datepattern', 'not empty');
    return readDatePattern(await this.jail.set(['datepattern', pattern], options));
  }

  /** Zone of log lines that name none; null = the server's. */
  async logtimezone(options?: RequestOptions): Promise<string | null> {
    return expectTextOrNull(await this.jail.get(['logtimezone'], options), 'logtimezone');
  }

  /** @param zone an offset: `UTC+0200`, `GMT-0100`, `Z`; fail2ban takes no region names */
  async setLogtimezone(zone: string, options?: RequestOptions): Promise<void> {
    if (!TIMEZONE.test(zone)) throw new InvalidValueError('logtimezone', 'an offset such as UTC+0200 or Z');
    assertTaken(this.label('logtimezone'), zone, await this.jail.set(['logtimezone', zone], options));
  }

  /** Lines a multi-line failregex sees. */
  async maxlines(options?: RequestOptions): Promise<number> {
    return expectNumber(await this.jail.get(['maxlines'], options), 'maxlines');
  }

  /** To be set before multi-line regexes are added. */
  async setMaxlines(count: number, options?: RequestOptions): Promise<void> {
    const word = integerWord(count, 1, 10_000, 'maxlines');
    assertTaken(this.label('maxlines'), count, await this.jail.set(['maxlines', word], options));
  }

  private async addRegex(
    name: 'failregex' | 'ignoreregex',
    regex: string,
    options?: RequestOptions,
  ): Promise<string[]> {
    return expectTexts(await this.jail.set([`add${name}`, regex], options), name);
  }

  private async addRegexes(name: string, regexes: readonly string[], options?: RequestOptions): Promise<void> {
    const words = ['multi-set', this.jail.name, `add${name}`, regexes];
    assertTaken(this.label(name), true, await this.jail.channel.call(words, 'write', options));
  }

  private async removeRegex(name: string, index: number, options?: RequestOptions): Promise<string[]> {
    const before = expectTexts(await this.jail.get([name], options), name);
    const word = integerWord(index, 0, before.length - 1, `${name} index`);
    const after = expectTexts(await this.jail.set([`del${name}`, word], options), name);
    if (after.length !== before.length - 1) {
      throw new SettingNotAppliedError(this.label(name), `${before.length - 1} left`, `${after.length} left`);
    }
    return after;
  }

  private assertJournal(tokens: readonly string[], list: readonly string[][], present: boolean): void {
    const flat = list.map((match) => match.join(' '));
    const wanted = tokens
      .join(' ')
      .split(' + ')
      .map((match) => match.trim());
    for (const match of wanted) assertListed(this.label('journalmatch'), match, flat, present);
  }
}

function journalWords(tokens: readonly string[]): readonly string[] {
  if (tokens.length === 0 || !tokens.every((token) => JOURNAL_TOKEN.test(token))) {
    throw new InvalidValueError('journalmatch', 'FIELD=value, with + between alternatives');
  }
  return tokens;
}

function readMatches(value: PyValue): string[][] {
  return expectList(value, 'journalmatch').map((match) => expectTexts(match, 'journalmatch'));
}

function readDatePattern(value: PyValue): DatePattern | null {
  if (value === null) return null;
  const [pattern, name] = expectList(value, 'datepattern');
  return { pattern: expectTextOrNull(pattern, 'datepattern'), name: expectText(name, 'datepattern') };
}
