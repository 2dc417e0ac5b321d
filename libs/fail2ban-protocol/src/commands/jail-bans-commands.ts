import { InvalidValueError } from '../errors/input.errors.js';
import { banWord, idWord } from '../values/ban-id.js';
import { parseBanLine, type BanWithTime } from './ban-line.js';
import { runAtOnce, runBulk, type BulkOptions, type BulkResult, type TimedResult } from './bulk.js';
import type { RequestOptions } from './command-channel.js';
import { expectIds, expectList, expectNumber } from './expect.js';
import type { JailChannel } from './jail-channel.js';
import { mapInSlices } from './slices.js';

export interface BanOptions extends BulkOptions {
  /** Whether ids other than addresses and networks may be banned. */
  readonly allowText?: boolean;
}

/** Bans of one jail. An id is what the jail's filter captures: nearly always an address. */
export class JailBansCommands {
  constructor(private readonly jail: JailChannel) {}

  /** Banned ids, the next to expire first. Costs the server up to 0.5 s for 50,000 bans. */
  async list(options?: RequestOptions): Promise<string[]> {
    return expectIds(await this.jail.get(['banip'], options, 'list'), 'banip');
  }

  /** Banned ids with their times, the next to expire first. Costs the server up to 1 s for 50,000 bans. */
  async listWithTimes(options?: RequestOptions): Promise<BanWithTime[]> {
    const lines = expectIds(await this.jail.get(['banip', '--with-time'], options, 'list'), 'banip');
    return mapInSlices(lines, parseBanLine);
  }

  /** Banned ids in no particular order; a little cheaper than {@link list}. */
  async listUnsorted(options?: RequestOptions): Promise<string[]> {
    return expectIds(await this.jail.get(['banned'], options, 'list'), 'banned');
  }

  /** Whether each id is banned, by exact text; a network's ban covers no lookup of its members. */
  async areBanned(ids: readonly string[], options?: RequestOptions): Promise<boolean[]> {
    if (ids.length === 0) return [];
    const reply = await this.jail.get(['banned', ...ids.map(idWord)], options, 'list');
    // One id is answered with a bare number, several with a list.
    const answers = ids.length === 1 ? [reply] : expectList(reply, 'banned');
    return answers.map((answer) => expectNumber(answer, 'banned') !== 0);
  }

  /**
   * Bans ids for the jail's current `bantime`, without asking its ignore list. Counts those that were not banned yet.
   * @throws {InvalidAddressError} for ids that are neither address nor network, unless `allowText`
   */
  async ban(ids: readonly string[], options: BanOptions = {}): Promise<BulkResult> {
    const { allowText = false, ...bulk } = options;
    const words = ids.map((id) => banWord(id, allowText));
    return runBulk(this.jail.channel, words, (part) => ['set', this.jail.name, 'banip', ...part], bulk);
  }

  /**
   * Like {@link ban}, in one command that keeps the server until all of it is done: for callers that cut by time themselves.
   * @throws {InvalidAddressError} for ids that are neither address nor network
   */
  async banAtOnce(ids: readonly string[], options?: RequestOptions): Promise<TimedResult> {
    const words = ids.map((id) => banWord(id, false));
    return runAtOnce(this.jail.channel, words, ['set', this.jail.name, 'banip'], options);
  }

  /** Like {@link unban}, in one command. */
  async unbanAtOnce(ids: readonly string[], options?: RequestOptions): Promise<TimedResult> {
    return runAtOnce(this.jail.channel, ids.map(idWord), ['set', this.jail.name, 'unbanip'], options);
  }

  /** Lifts bans by exact text; absent ones count nothing. Also erases the ids' history in this jail. */
  async unban(ids: readonly string[], options?: BulkOptions): Promise<BulkResult> {
    const words = ids.map(idWord);
    return runBulk(this.jail.channel, words, (part) => ['set', this.jail.name, 'unbanip', ...part], options);
  }

  /**
   * Like {@link unban} in one command, but absent ids are an error, after the others were unbanned.
   * @throws {Fail2banRaisedError} of type `ValueError`, naming the absent ids
   */
  async unbanReportingAbsent(ids: readonly string[], options?: RequestOptions): Promise<number> {
    if (ids.length === 0) throw new InvalidValueError('ids', 'at least one');
    const words = ['unbanip', '--report-absent', ...ids.map(idWord)];
    return expectNumber(await this.jail.set(words, options, 'action'), 'unbanip');
  }

  /**
   * Counts failures of an id as if its log had them: one for each line, at least one. May lead to a ban a little later.
   * @returns 0 when the id is on the ignore list (from 1.1.1 on; older versions ban all the same)
   */
  async attempt(id: string, lines: readonly string[] = [], options?: RequestOptions): Promise<number> {
    return expectNumber(await this.jail.set(['attempt', idWord(id), ...lines], options), 'attempt');
  }
}
