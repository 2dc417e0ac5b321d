import { type AgentEndpointOptions, type AgentTransport } from '@bailiff/agent-channel';
import type { PolicyGroup } from '@bailiff/contracts/http';
import { Fail2banClient } from '@bailiff/fail2ban-protocol';
import type { AgentConfig } from './agent.config.js';
import { BulkFeature } from './bulk/bulk-feature.js';
import { GatewayLink } from './channel/gateway-link.js';
import { SnapshotPlanner } from './channel/snapshot-planner.js';
import { BanCommands } from './commands/ban-commands.js';
import { CommandRunner, type CommandRecord } from './commands/command-runner.js';
import type { CommandHandlers } from './commands/command-table.js';
import { OwnAddresses } from './commands/own-addresses.js';
import type { Enrolment } from './enrol/enrolment-files.js';
import { JailCatalogue } from './fail2ban/jail-catalogue.js';
import { JailFeature } from './jails/jail-feature.js';
import { SnapshotTaker } from './fail2ban/snapshot-taker.js';
import { StatusWatcher } from './fail2ban/status-watcher.js';
import { UnbanDiffer } from './fail2ban/unban-differ.js';
import { HistoryFeed } from './history-feed/history-feed.js';
import { PolicyFile } from './policy/policy-file.js';
import { AgentError } from './state/agent.error.js';
import { BootCounter } from './state/boot-counter.js';
import { OriginMarks } from './state/origin-marks.js';
import { Outbox } from './state/outbox.js';
import { SqliteJournal } from './state/sqlite-journal.js';
import { StateDatabase } from './state/state-database.js';
import { TimedFeature } from './timed/timed-feature.js';

/** Where the daemon reports to. */
export interface DaemonLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface DaemonOptions {
  readonly config: AgentConfig;
  readonly enrolment: Enrolment;
  readonly transport: AgentTransport;
  readonly log: DaemonLog;
  /** Wraps each command, so that its log lines carry the correlation id. */
  readonly within: <T>(correlationId: string | undefined, work: () => T) => T;
  /** Keeps the gateway's keys after it rotated them. */
  readonly trust: NonNullable<AgentEndpointOptions['trust']>;
}

/** How long tickets that wait may hold up a snapshot, milliseconds. */
const SNAPSHOT_PATIENCE_MS = 3_000;
/** Without a log, lists are compared this often at most. */
const COMPARE_EVERY_MS = 60_000;

/** Everything the agent is, put together: what feeds the outbox, what watches fail2ban, what answers the gateway. */
export class AgentDaemon {
  readonly #state: StateDatabase;
  readonly #outbox: Outbox;
  readonly #policy: PolicyFile;
  readonly #client: Fail2banClient;
  readonly #feed: HistoryFeed;
  readonly #watcher: StatusWatcher;
  readonly #snapshots: SnapshotTaker;
  readonly #differ: UnbanDiffer;
  readonly #planner: SnapshotPlanner;
  readonly #link: GatewayLink;
  readonly #bulk: BulkFeature;
  readonly #timed: TimedFeature;
  readonly #jails: JailFeature;
  readonly #log: DaemonLog;
  #comparedMs = 0;
  #counters = '';
  #welcomed: (() => void) | undefined;
  /** Resolves once the gateway welcomed us for the first time. */
  readonly welcomed = new Promise<void>((resolve) => (this.#welcomed = resolve));

  /** @throws {UnsafeFileError} when state or policy could have been written by someone else */
  constructor(options: DaemonOptions) {
    const { config, enrolment, log } = options;
    this.#log = log;
    this.#policy = new PolicyFile(config.configDir);
    this.#policy.current();
    this.#state = new StateDatabase(config.stateDir);
    this.#outbox = new Outbox(this.#state);
    const marks = new OriginMarks(this.#state);
    this.#differ = new UnbanDiffer(this.#state, this.#outbox);
    this.#client = new Fail2banClient({
      socketPath: config.fail2banSocket,
      timeouts: { read: Math.max(config.socketTimeoutMs, 1_000), probe: config.socketTimeoutMs },
    });
    this.#feed = new HistoryFeed(this.#state, this.#outbox, marks, {
      onTickets: () => this.#link.sender.wake(),
      onActivity: () => this.#watcher.lookSoon(),
      onChange: () => {
        this.#watcher.lookAfresh();
        this.#planner.want();
        this.#timed.lookAfresh();
      },
      onUnbans: (unbans) => this.#timed.bans.unbanned(unbans),
      onTurns: (turns) => this.#jails.idle.ended(turns),
      onBursts: (bursts) => this.#jails.measure(bursts),
      onRestored: () => this.#planner.want(),
      onGap: () => {
        log.warn({}, 'part of the log of fail2ban is gone: reconciling');
        this.#planner.want();
      },
      onError: (error) => log.error({ err: error }, 'reading what fail2ban wrote down failed; trying again'),
    });
    const catalogue = new JailCatalogue({
      configDir: config.fail2banConfigDir,
      pythonPath: config.fail2banPython,
      clientPath: config.fail2banClient,
    });
    this.#watcher = new StatusWatcher(this.#client, catalogue, config.fail2banSocket, {
      onStatus: (status) => {
        void this.#link.sendStatus(status);
        this.#compareWithoutLog();
      },
      onSources: (sources) => {
        log.info({ ...sources }, 'fail2ban found');
        this.#feed.setSources(sources);
      },
      onBack: () => {
        this.#planner.want();
        this.#timed.lookAfresh();
      },
      onError: (error) => log.error({ err: error }, 'looking at fail2ban failed'),
      feedProblem: () => this.#feed.problem,
      isIdle: (jail) => this.#jails.idle.has(jail),
    });
    this.#snapshots = new SnapshotTaker(this.#client, this.#feed, marks);
    this.#planner = new SnapshotPlanner(
      () => this.#snapshot(),
      (error) => log.warn({ err: error }, 'what is banned could not be asked for'),
    );
    const remotes = [enrolment.gatewayUrl, enrolment.redis.url].map((url) => new URL(url).hostname);
    const own = new OwnAddresses(remotes);
    this.#jails = new JailFeature({
      configDir: config.fail2banConfigDir,
      pythonPath: config.fail2banPython,
      clientPath: config.fail2banClient,
      socketPath: config.fail2banSocket,
      client: this.#client,
      state: this.#state,
      policy: this.#policy,
      own,
      databasePath: () => this.#feed.sources.databasePath,
      allowedIn: (jail) => this.#timed.allowed.networksIn(jail),
      hasLog: () => this.#feed.sources.logPath !== undefined,
      jails: () => this.#watcher.status.jails,
      hold: () => this.#watcher.hold(),
      onAct: (report) => void this.#link.sendAct(report),
      onJailsChanged: () => {
        this.#watcher.lookAfresh();
        this.#planner.want(0);
      },
    });
    this.#timed = new TimedFeature({
      client: this.#client,
      state: this.#state,
      policy: this.#policy,
      own,
      marks,
      databasePath: () => this.#feed.sources.databasePath,
      configuredIgnores: (jail) => this.#jails.configuredIgnores(jail),
      onNews: (news) => log.info({ audit: true, ...news }, 'done by itself'),
      onError: (error) => log.error({ err: error }, 'keeping timed bans and allow entries failed; trying again'),
    });
    const { guards, reach } = this.#timed;
    const bans = new BanCommands(this.#client, guards, marks, this.#timed.bans, reach, this.#jails.rates);
    this.#bulk = new BulkFeature({
      client: this.#client,
      state: this.#state,
      policy: this.#policy,
      guards,
      marks,
      timed: this.#timed.bans,
      reach,
      databasePath: () => this.#feed.sources.databasePath,
      onError: (error) => log.error({ err: error }, 'a list could not be carried on; trying again'),
    });
    const runner = new CommandRunner(this.#handlers(bans), this.#policy, (record) => this.#audit(record));
    this.#link = new GatewayLink({
      identity: enrolment.identity,
      transport: options.transport,
      boot: new BootCounter(this.#state),
      journal: new SqliteJournal(this.#state),
      run: (command, signal) => options.within(command.correlationId, () => runner.run(command, signal)),
      isRead: (name) => runner.isRead(name),
      trust: options.trust,
      outbox: this.#outbox,
      socketPath: config.fail2banSocket,
      fail2banVersion: () => this.#watcher.version,
      groups: () => this.#groups(),
      status: () => this.#watcher.status,
      onWelcome: () => {
        log.info({ spool: this.#outbox.size }, 'welcomed by the gateway');
        this.#welcomed?.();
        const { gatewayMs } = this.#link;
        if (gatewayMs !== undefined) this.#timed.hearTime(gatewayMs);
        this.#planner.want(0);
      },
      onProblem: (problem, message) => log.warn(typeof problem === 'object' ? { ...problem } : { problem }, message),
    });
  }

  async start(): Promise<void> {
    this.#feed.start();
    this.#watcher.start();
    this.#planner.start();
    this.#bulk.start();
    this.#timed.start();
    await this.#link.start();
  }

  async stop(): Promise<void> {
    this.#planner.stop();
    await this.#link.stop();
    await this.#bulk.stop();
    await this.#jails.stop();
    await this.#timed.stop();
    this.#bulk.close();
    await this.#client.close();
    await this.#watcher.stop();
    await this.#feed.stop();
    this.#state.close();
  }

  #handlers(bans: BanCommands): CommandHandlers {
    return {
      'host.ping': async (_args, signal) => {
        await this.#client.server.ping({ signal });
        return { pong: true };
      },
      'host.report': async () => {
        await this.#link.sendStatus(await this.#watcher.lookNow(), { always: true });
        return {};
      },
      'bans.snapshot': async () => {
        await this.#planner.now();
        return {};
      },
      'bans.ban': (args, signal) => this.#onceFree(signal, () => bans.ban(args, signal)),
      'bans.unban': (args, signal) => this.#onceFree(signal, () => bans.unban(args, signal)),
      'bans.unban-everything': (args, signal) => this.#onceFree(signal, () => bans.unbanEverything(args, signal)),
      ...this.#jails.handlers(),
      ...this.#timed.handlers(),
      ...this.#bulk.handlers(),
    };
  }

  /** While a reload keeps fail2ban busy, nothing is sent that would be carried out after its asker gave up. */
  async #onceFree<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#jails.assertFree(signal);
    return work();
  }

  async #snapshot(): Promise<void> {
    const hasLog = this.#feed.sources.logPath !== undefined;
    if (!this.#watcher.status.reachable || (hasLog && !this.#link.isWelcomed)) return;
    const snapshot = await this.#snapshots.take();
    if (this.#differ.compare(snapshot, !hasLog) > 0) this.#link.sender.wake();
    await this.#link.sender.settled(SNAPSHOT_PATIENCE_MS);
    await this.#link.sendSnapshot(this.#snapshots.toEvents(snapshot));
  }

  /** Where no log tells of unbans, a change of the counters is what calls for a comparison. */
  #compareWithoutLog(): void {
    const { reachable, jails } = this.#watcher.status;
    if (!reachable || this.#feed.sources.logPath !== undefined) return;
    const counters = jails.map((jail) => `${jail.name} ${jail.currentlyBanned ?? ''} ${jail.totalBanned ?? ''}`).join();
    if (counters === this.#counters || Date.now() - this.#comparedMs < COMPARE_EVERY_MS) return;
    this.#counters = counters;
    this.#comparedMs = Date.now();
    this.#planner.want(0);
  }

  #groups(): readonly PolicyGroup[] {
    try {
      return [...this.#policy.current().groups];
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      this.#log.error({ err: error }, 'the policy cannot be used: nothing is allowed');
      return [];
    }
  }

  /** The host's own record of what it was told to do. */
  #audit({ error, outcome, ...record }: CommandRecord): void {
    // Asked four times a second while a list is carried out, and changes nothing.
    if (outcome === 'ok' && record.command === 'bulk.report') return;
    const fields = { audit: true, ...record, outcome };
    if (outcome === 'ok') this.#log.info(fields, 'command carried out');
    else if (error === undefined) this.#log.warn(fields, 'command refused');
    else this.#log.warn({ ...fields, err: error }, 'command refused or failed');
  }
}
