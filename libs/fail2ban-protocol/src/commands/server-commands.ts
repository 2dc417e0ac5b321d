import type { PyValue } from '../codec/py-value.js';
import type { RequestValue } from '../codec/request-writer.js';
import { jailName } from '../values/jail-name.js';
import { idWord } from '../values/ban-id.js';
import { runBulk, type BulkOptions, type BulkResult } from './bulk.js';
import type { CommandChannel, RequestOptions } from './command-channel.js';
import { expectDict, expectIds, expectList, expectNumber, expectText, expectTexts } from './expect.js';
import type { Fail2banVersion } from './fail2ban-version.js';
import { readJailStats, readJailStatus, readServerStatus, type JailStats, type JailStatus } from './jail-status.js';

/** A stream of commands as `fail2ban-client -d` prints it: what the server is configured with. */
export type CommandStream = readonly (readonly RequestValue[])[];

/** What to reload, and how much of it starts afresh. */
export interface ReloadRequest {
  /** One jail; all when absent. */
  readonly jail?: string;
  /** Stops and starts the jails: the only way to change a running jail's set of actions. */
  readonly restart?: boolean;
  /** Lifts the jails' bans first and deletes their history. */
  readonly unban?: boolean;
  /** Does not fail for a jail that is not running: creates it. */
  readonly ifExists?: boolean;
  /**
   * The whole configuration of what is reloaded. Every affected jail whose `start` is not reached is deleted, so a
   * stream that fails half-way costs jails: compile all regexes first.
   */
  readonly stream: CommandStream;
}

/** Commands to the server as a whole. @see fail2ban/fail2ban:fail2ban/protocol.py */
export class ServerCommands {
  constructor(private readonly channel: CommandChannel) {}

  /** Resolves when the server answers. It also does before its configuration was applied. */
  async ping(options?: RequestOptions): Promise<void> {
    expectText(await this.channel.call(['ping'], 'probe', options), 'ping');
  }

  /** The version, remembered for as long as the connection lasts. */
  version(options?: RequestOptions): Promise<Fail2banVersion> {
    return this.channel.version(options);
  }

  /** Always `Server ready`, from a server that answers at all. */
  async serverStatus(options?: RequestOptions): Promise<string> {
    return expectText(await this.channel.call(['server-status'], 'probe', options), 'server-status');
  }

  /** Number and names of the jails. Names are fail2ban's: check with `isJailName` or `isWatchedJailName` before using them. */
  async status(options?: RequestOptions): Promise<{ count: number; jails: string[] }> {
    const status = readServerStatus(await this.channel.call(['status'], 'read', options));
    if (status.jails.length === status.count) return status;
    // The list parts names by comma and space, and one of them holds just that. Other answers have a name each.
    const version = await this.version(options);
    const jails = await (version.atLeast('1.1.0') ? this.stats(options) : this.banned(options));
    return { count: jails.size, jails: [...jails.keys()].sort() };
  }

  /**
   * The status of every jail at once.
   * @param flavour `short` leaves out the lists of banned ids
   * @throws {UnsupportedCommandError} before 1.1.0
   */
  async statusAll(flavour: 'basic' | 'short' = 'short', options?: RequestOptions): Promise<Map<string, JailStatus>> {
    await this.channel.require('status --all', '1.1.0', options);
    const reply = expectList(await this.channel.call(['status', '--all', flavour], 'list', options), 'status');
    return mapDict(reply.at(-1), readJailStatus);
  }

  /**
   * Backend and counters of every jail at once.
   * @throws {UnsupportedCommandError} before 1.1.0
   */
  async stats(options?: RequestOptions): Promise<Map<string, JailStats>> {
    await this.channel.require('stats', '1.1.0', options);
    return mapDict(await this.channel.call(['stats'], 'read', options), readJailStats);
  }

  /** Banned ids of every jail, unsorted. Costs the server up to 0.5 s for 50,000 bans. */
  async banned(options?: RequestOptions): Promise<Map<string, string[]>> {
    const reply = expectList(await this.channel.call(['banned'], 'list', options), 'banned');
    const entries = reply.flatMap((jail) => Object.entries(expectDict(jail, 'banned')));
    return new Map(entries.map(([jail, ids]) => [jail, expectIds(ids, 'banned')]));
  }

  /** For each id the jails in which exactly that text is banned, in the order of the ids. */
  async jailsBanning(ids: readonly string[], options?: RequestOptions): Promise<string[][]> {
    if (ids.length === 0) return [];
    const reply = await this.channel.call(['banned', ...ids.map(idWord)], 'list', options);
    return expectList(reply, 'banned').map((jails) => expectTexts(jails, 'banned'));
  }

  /** Lifts the bans of these ids in all jails; absent ones count nothing. Also erases the ids' history. */
  async unban(ids: readonly string[], options?: BulkOptions): Promise<BulkResult> {
    return runBulk(this.channel, ids.map(idWord), (part) => ['unban', ...part], options);
  }

  /** Lifts every ban in every jail, and deletes the whole history. Returns how many were lifted. */
  async unbanAll(options?: RequestOptions): Promise<number> {
    return expectNumber(await this.channel.call(['unban', '--all'], 'action', options), 'unban');
  }

  /** Closes and reopens the log. `rolled over` for a file, `flushed` otherwise. */
  async flushLogs(options?: RequestOptions): Promise<string> {
    return expectText(await this.channel.call(['flushlogs'], 'write', options), 'flushlogs');
  }

  /** Returns the arguments: a test of the line. */
  async echo(values: readonly RequestValue[], options?: RequestOptions): Promise<PyValue[]> {
    return expectList(await this.channel.call(['echo', ...values], 'read', options), 'echo');
  }

  /** Stops the server. Resolves when every jail has stopped; the connection ends then. */
  async stop(options?: RequestOptions): Promise<void> {
    await this.channel.call(['stop'], 'reload', options);
  }

  /** Stops and removes all jails, keeps the server. */
  async stopAllJails(options?: RequestOptions): Promise<void> {
    await this.channel.call(['stop', '--all'], 'reload', options);
  }

  /** Writes an ERROR line into fail2ban's log. */
  async configError(text: string, options?: RequestOptions): Promise<void> {
    await this.channel.call(['config-error', text], 'write', options);
  }

  /** Executes a stream of commands. When one fails, those before it stay done. */
  async serverStream(stream: CommandStream, options?: RequestOptions): Promise<void> {
    await this.channel.call(['server-stream', stream], 'reload', options);
  }

  /** Reloads the server or one jail with the given configuration. */
  async reload(request: ReloadRequest, options?: RequestOptions): Promise<void> {
    const flags = [
      ...(request.restart === true ? ['--restart'] : []),
      ...(request.unban === true ? ['--unban'] : []),
      ...(request.ifExists === true ? ['--if-exists'] : []),
    ];
    const target = request.jail === undefined ? '--all' : jailName(request.jail);
    expectText(await this.channel.call(['reload', target, flags, request.stream], 'reload', options), 'reload');
  }
}

function mapDict<T>(value: PyValue | undefined, read: (item: PyValue) => T): Map<string, T> {
  return new Map(Object.entries(expectDict(value, 'jails')).map(([name, item]) => [name, read(item)]));
}
