import type { HostStatusEvent, JailReport } from '@bailiff/contracts/agent';
import type { Fail2banClient } from '@bailiff/fail2ban-protocol';
import type { FeedSources } from '../history-feed/history-feed.js';
import type { JailCatalogue } from './jail-catalogue.js';
import { JailWatch } from './jail-watch.js';

/** Who wants to know. */
export interface StatusListeners {
  /** After every look at fail2ban, whether anything changed or not. */
  onStatus(status: HostStatusEvent): void;
  /** fail2ban answers (again), or was configured anew: where it writes down what it does. */
  onSources(sources: FeedSources): void;
  /** fail2ban can be asked again after it could not. */
  onBack(): void;
  onError(error: unknown): void;
  /** Why what fail2ban writes down cannot all be read; undefined when it can. */
  feedProblem?(): string | undefined;
  /** Whether a running jail was set idle. */
  isIdle?(jail: string): boolean;
}

export interface StatusTimings {
  /** Longest time without a look, milliseconds. */
  readonly everyMs: number;
  /** Looks asked for within this time become one. */
  readonly debounceMs: number;
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
  /** How often to see whether the connection still stands; costs nothing. */
  readonly connectionMs: number;
  /** A fail2ban without jails that lacks a log or a database is taken to be starting for so long, milliseconds. */
  readonly bareMs: number;
}

const TIMINGS: StatusTimings = {
  everyMs: 30_000,
  debounceMs: 1_000,
  retryMinMs: 500,
  retryMaxMs: 15_000,
  connectionMs: 2_000,
  bareMs: 15_000,
};
/** How soon to look again at a fail2ban that seems to be starting. */
const BARE_LOOK_MS = 500;
const MAX_REASON = 1_000;
/** Without lines of these levels no bans and unbans are logged. */
const QUIET_LEVELS: readonly string[] = ['CRITICAL', 'ERROR', 'WARNING'];

/** Keeps an eye on fail2ban: whether it answers, which jails it runs, where it logs. Cheap while nothing happens. */
export class StatusWatcher {
  readonly #jails: JailWatch;
  #timer: NodeJS.Timeout | undefined;
  #connectionTimer: NodeJS.Timeout | undefined;
  #dueMs = Infinity;
  #looking: Promise<void> | undefined;
  #isStopped = false;
  #retryMs: number;
  #isReachable = false;
  #isStale = true;
  #isWantedAgain = false;
  #sourcesProblem: string | undefined;
  #bareSinceMs: number | undefined;
  #holds = 0;
  #version: string | undefined;
  #status: HostStatusEvent;

  constructor(
    private readonly client: Fail2banClient,
    private readonly catalogue: JailCatalogue,
    private readonly socketPath: string,
    private readonly listeners: StatusListeners,
    private readonly timings: StatusTimings = TIMINGS,
  ) {
    this.#jails = new JailWatch(client, (jail) => listeners.isIdle?.(jail) ?? false);
    this.#retryMs = timings.retryMinMs;
    this.#status = { atMs: Date.now(), reachable: false, reason: 'not asked yet', socketPath, jails: [] };
  }

  /** What was seen last. */
  get status(): HostStatusEvent {
    return this.#status;
  }

  /** Version of the running fail2ban; undefined while it cannot be reached. */
  get version(): string | undefined {
    return this.#version;
  }

  start(): void {
    this.#plan(0);
    this.#connectionTimer = setInterval(() => {
      if (this.#isReachable && !this.client.isConnected) this.#plan(0);
    }, this.timings.connectionMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    clearInterval(this.#connectionTimer);
    await this.#looking;
  }

  /** fail2ban is known to be busy: until the returned function is called, its silence is not taken for its end. */
  hold(): () => void {
    this.#holds += 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.#holds -= 1;
      isHeld = false;
    };
  }

  /** Something happened: look again soon. */
  lookSoon(): void {
    this.#plan(this.timings.debounceMs);
  }

  /** fail2ban started, stopped or was configured anew: settings and sources are asked for again. */
  lookAfresh(): void {
    this.#isStale = true;
    this.#plan(Math.min(200, this.timings.debounceMs));
  }

  /** Looks now and answers what is seen. */
  async lookNow(): Promise<HostStatusEvent> {
    await this.#looking;
    await this.#look();
    return this.#status;
  }

  #plan(inMs: number): void {
    const dueMs = performance.now() + inMs;
    if (this.#isStopped || dueMs >= this.#dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#dueMs = Infinity;
      if (this.#looking === undefined) void this.#look();
      else this.#isWantedAgain = true;
    }, inMs);
  }

  async #look(): Promise<void> {
    this.#looking = this.#lookOnce();
    await this.#looking;
    this.#looking = undefined;
    this.#plan(this.#isReachable ? this.timings.everyMs : this.#retryMs);
    if (this.#isWantedAgain) this.lookSoon();
    this.#isWantedAgain = false;
  }

  async #lookOnce(): Promise<void> {
    const wasReachable = this.#isReachable;
    const isStale = this.#isStale || !wasReachable;
    this.#isStale = false;
    try {
      const version = await this.client.server.version();
      this.#version = version.text;
      if (isStale) this.#jails.forgetSettings();
      const configured = await this.#configured();
      const jails = await this.#jails.read(configured.jails);
      if (isStale) await this.#readSources(jails);
      this.#isReachable = true;
      this.#retryMs = this.timings.retryMinMs;
      const problems = [this.#sourcesProblem ?? configured.problem, this.listeners.feedProblem?.()];
      this.#publish(true, jails, problems.filter((problem) => problem !== undefined).join('; ') || undefined);
      if (!wasReachable) this.listeners.onBack();
    } catch (error) {
      if (this.#holds > 0 && isOperational(error)) return;
      this.#isReachable = false;
      this.#version = undefined;
      this.#retryMs = Math.min(this.#retryMs * 2, this.timings.retryMaxMs);
      this.#publish(false, [], error instanceof Error ? error.message : String(error));
      if (!isOperational(error)) this.listeners.onError(error);
    }
  }

  #publish(reachable: boolean, jails: JailReport[], reason: string | undefined): void {
    this.#status = {
      atMs: Date.now(),
      reachable,
      socketPath: this.socketPath,
      ...(reason === undefined ? {} : { reason: reason.slice(0, MAX_REASON) || 'unknown' }),
      ...(this.#version === undefined ? {} : { version: this.#version.slice(0, 64) }),
      jails,
    };
    this.listeners.onStatus(this.#status);
  }

  async #configured() {
    try {
      return { jails: await this.catalogue.list(), problem: undefined };
    } catch (error) {
      return { jails: [], problem: error instanceof Error ? error.message : String(error) };
    }
  }

  /** @param jails read before: where there are any, fail2ban has been told its settings, too */
  async #readSources(jails: readonly JailReport[]): Promise<void> {
    const { settings } = this.client;
    const [database, target, level] = [await settings.dbfile(), await settings.logtarget(), await settings.loglevel()];
    const databasePath = database?.startsWith('/') === true ? database : undefined;
    const isQuiet = QUIET_LEVELS.includes(level.toUpperCase());
    const logPath = target.startsWith('/') && !isQuiet ? target : undefined;
    const problem = problemOf(target, level, logPath, databasePath);
    if (problem !== undefined && this.#seemsToStart(jails)) {
      this.#isStale = true;
      this.#plan(BARE_LOOK_MS);
      return;
    }
    this.#bareSinceMs = undefined;
    this.#sourcesProblem = problem;
    this.listeners.onSources({ databasePath, logPath });
  }

  /**
   * Until a starting fail2ban is told its settings it has no jails and no database, and logs elsewhere. To believe that
   * would be to take bans for ones without details, and lists for the only word on unbans.
   */
  #seemsToStart(jails: readonly JailReport[]): boolean {
    if (jails.some(({ status }) => status === 'running' || status === 'idle')) return false;
    this.#bareSinceMs ??= performance.now();
    return performance.now() - this.#bareSinceMs < this.timings.bareMs;
  }
}

function problemOf(target: string, level: string, logPath?: string, databasePath?: string): string | undefined {
  const missing: string[] = [];
  if (logPath === undefined) {
    const why = target.startsWith('/') ? `its loglevel is ${level}` : `it logs to ${target}`;
    missing.push(`fail2ban's log cannot be followed (${why}): unbans are noticed late and failures are not shown`);
  }
  if (databasePath === undefined) missing.push('fail2ban keeps no database: bans have no details');
  return missing.length === 0 ? undefined : missing.join('; ');
}

/** Errors of the socket's own making are what a status is about; anything else is a mistake of ours. */
function isOperational(error: unknown): boolean {
  return error instanceof Error && (error as { kind?: unknown }).kind === 'operational';
}
