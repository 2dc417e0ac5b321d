import { CommandError } from '@bailiff/agent-channel';
import type { JailActReport, JailGetAnswer, JailGetArgs, JailLogArgs } from '@bailiff/contracts/agent';
import type { JailReport } from '@bailiff/contracts/agent';
import { type Fail2banClient, Fail2banBusyError, isJailName, UnknownJailError } from '@bailiff/fail2ban-protocol';
import { NetworkSet } from '@bailiff/ip';
import type { CommandHandlers } from '../commands/command-table.js';
import type { OwnAddresses } from '../commands/own-addresses.js';
import { IgnoreFinder } from '../ignore/ignore-finder.js';
import { IgnoreLists } from '../ignore/ignore-lists.js';
import type { PolicyFile } from '../policy/policy-file.js';
import type { StateDatabase } from '../state/state-database.js';
import { ActPreview } from './act-preview.js';
import { ActRunner } from './act-runner.js';
import { ActionRates } from './action-rates.js';
import { type BanBurst, BurstJoiner } from './ban-bursts.js';
import { compiledJails } from './config-stream.js';
import { describeConfigured } from './configured-jail.js';
import { HostFail2ban, type HostFail2banOptions } from './host-fail2ban.js';
import { IdleJails } from './idle-jails.js';
import { JailLogs } from './jail-log.js';
import { JailReader } from './jail-reader.js';

export interface JailFeatureOptions extends HostFail2banOptions {
  readonly client: Fail2banClient;
  readonly state: StateDatabase;
  readonly policy: PolicyFile;
  readonly own: OwnAddresses;
  databasePath(): string | undefined;
  /** What the allow list keeps in the jail's ignore list. */
  allowedIn(jail: string): readonly string[];
  /** Whether fail2ban's log is followed: its times are better measures than ours. */
  hasLog(): boolean;
  /** Jails as last seen, running or not. */
  jails(): readonly JailReport[];
  /** fail2ban will be silent for a while: no alarm until the returned function is called. */
  hold(): () => void;
  /** An act went on or ended. */
  onAct(report: JailActReport): void;
  /** Jails may have come, gone or changed: look at once. */
  onJailsChanged(): void;
}

type JailHandlers = Pick<
  CommandHandlers,
  | 'jails.get'
  | 'jails.log'
  | 'jails.preview'
  | 'jails.act'
  | 'jails.act-state'
  | 'ignore.list'
  | 'ignore.find'
  | 'ignore.change'
>;

const UNSAFE_NAME =
  'Commands misread names that hold others than letters, digits, dots, dashes and underscores, or more than 64 of them: what is shown is what the files say.';
/** While an act is under way, fail2ban is asked whether it has time, so long at most, milliseconds. */
const FREE_WITHIN_MS = 2_000;

/** Jails one by one: what they are made of, what is done to them, whom they ignore. */
export class JailFeature {
  readonly idle: IdleJails;
  readonly rates: ActionRates;
  readonly ignoreLists: IgnoreLists;
  readonly #reader: JailReader;
  readonly #logs: JailLogs;
  readonly #host: HostFail2ban;
  readonly #preview: ActPreview;
  readonly #acts: ActRunner;
  readonly #finder: IgnoreFinder;
  readonly #bursts = new BurstJoiner((burst) => this.#note(burst));

  constructor(private readonly options: JailFeatureOptions) {
    const { client, state, policy, own, socketPath } = options;
    this.idle = new IdleJails(state);
    this.rates = new ActionRates(state);
    this.#host = new HostFail2ban(options);
    this.#logs = new JailLogs(() => policy.current().logRoots, socketPath);
    this.#reader = new JailReader(client, this.#logs);
    const tools = { client, host: this.#host, rates: this.rates, idle: this.idle };
    this.#preview = new ActPreview({ ...tools, databasePath: () => options.databasePath() });
    this.#acts = new ActRunner({
      ...tools,
      preview: this.#preview,
      isMeasuring: () => !options.hasLog(),
      hold: () => options.hold(),
      onChange: (report) => options.onAct(report),
      onEnd: () => options.onJailsChanged(),
    });
    this.#finder = new IgnoreFinder(client, this.#host, (jail) => options.allowedIn(jail));
    this.ignoreLists = new IgnoreLists(
      client,
      this.#host,
      async () => new NetworkSet([...(await own.list()), ...policy.current().protectedNetworks.toList()]),
      (jail) => options.allowedIn(jail),
    );
  }

  /** Takes speeds from fail2ban's own log. Bans that run out one by one are no measure: lifts count while an act goes on. */
  measure(bursts: readonly BanBurst[]): void {
    for (const burst of bursts) this.#bursts.add(burst);
  }

  handlers(): JailHandlers {
    return {
      'jails.get': (args, signal) => this.#get(args, signal),
      'jails.log': (args, signal) => this.#log(args, signal),
      'jails.preview': (args, signal) => this.#preview.of(args, signal),
      'jails.act': (args, signal) => this.#acts.begin(args, signal),
      'jails.act-state': ({ id }) => Promise.resolve(this.#acts.state(id)),
      'ignore.list': ({ jail }, signal) => this.ignoreLists.list(jail, signal),
      'ignore.find': ({ address }, signal) => this.#finder.find(address, signal),
      'ignore.change': (args, signal) => this.ignoreLists.change(args, signal),
    };
  }

  /**
   * For commands that change bans: while an act keeps fail2ban busy they are refused at once, with nothing sent, instead of
   * being carried out after their asker has given up.
   * @throws {Fail2banBusyError}
   */
  async assertFree(signal: AbortSignal): Promise<void> {
    if (this.#acts.current === undefined) return;
    try {
      await this.options.client.server.serverStatus({ signal, timeoutMs: FREE_WITHIN_MS });
    } catch (cause) {
      if ((cause as { kind?: unknown }).kind === 'operational') throw new Fail2banBusyError({ cause });
      throw cause;
    }
  }

  /** What the host's configuration tells a jail to ignore; undefined when there is no telling. */
  async configuredIgnores(jail: string): Promise<readonly string[] | undefined> {
    try {
      return compiledJails(await this.#host.show(jail)).get(jail)?.ignoreip;
    } catch (error) {
      if ((error as { kind?: unknown }).kind === undefined) throw error;
      return undefined;
    }
  }

  async stop(): Promise<void> {
    this.#bursts.stop();
    // An act that takes hours is left to fail2ban, which goes on with it alone.
    if (this.#acts.current === undefined) await this.#acts.idle();
  }

  #note({ jail, kind, firstMs, lastMs, lines }: BanBurst): void {
    const about = this.#acts.recent;
    const isMeant = kind === 'restore' || (about !== undefined && (about.jail === null || about.jail === jail));
    if (isMeant) this.rates.note(jail, kind, lines - 1, lastMs - firstMs);
  }

  async #get({ jail }: JailGetArgs, signal: AbortSignal): Promise<JailGetAnswer> {
    const seen = this.options.jails().find(({ name }) => name === jail);
    const isNameSafe = isJailName(jail);
    try {
      const status = this.idle.has(jail) ? 'idle' : 'running';
      if (isNameSafe) return await this.#reader.read(jail, status, seen?.backend ?? null, signal);
    } catch (error) {
      if (!(error instanceof UnknownJailError) || seen === undefined) throw error;
    }
    const isStopped = isNameSafe && seen?.status !== 'inactive';
    const status = isStopped ? 'stopped' : (seen?.status ?? 'inactive');
    const answer = describeConfigured(jail, status, await this.#host.show(jail), this.#logs);
    if (answer === undefined)
      throw new CommandError('jail/unknown', `fail2ban's configuration says nothing of "${jail}"`);
    return isNameSafe ? answer : { ...answer, notes: [...answer.notes, UNSAFE_NAME] };
  }

  async #log({ jail, file, lines, q }: JailLogArgs, signal: AbortSignal) {
    const paths = await this.#logPaths(jail, signal);
    const tail = this.#logs.tail(paths, file, lines, q);
    return { ...tail, lines: [...tail.lines], at: new Date().toISOString() };
  }

  /** As the running jail has them; of one that does not run, as its files say. */
  async #logPaths(jail: string, signal: AbortSignal): Promise<readonly string[]> {
    try {
      if (isJailName(jail)) return await this.options.client.jail(jail).filter.logpath({ signal });
    } catch (error) {
      if (!(error instanceof UnknownJailError)) throw error;
    }
    const { logFiles } = await this.#get({ jail }, signal);
    return logFiles.map(({ path }) => path);
  }
}
