import { CommandError } from '@bailiff/agent-channel';
import type { JailActArgs, JailActReport } from '@bailiff/contracts/agent';
import type { JailActKind } from '@bailiff/contracts/http';
import { type Fail2banClient, isJailName } from '@bailiff/fail2ban-protocol';
import { setTimeout as pause } from 'node:timers/promises';
import { toCommandError } from '../commands/command-failure.js';
import type { ActPreview } from './act-preview.js';
import { isRestarting, reloadWords } from './act-words.js';
import type { ActionRates } from './action-rates.js';
import type { HostFail2ban } from './host-fail2ban.js';
import type { IdleJails } from './idle-jails.js';

export interface ActRunnerOptions {
  readonly client: Fail2banClient;
  readonly host: HostFail2ban;
  readonly preview: ActPreview;
  readonly rates: Pick<ActionRates, 'note'>;
  readonly idle: IdleJails;
  /** Whether speeds are measured here, for want of a log that tells. */
  isMeasuring(): boolean;
  /** fail2ban answers nobody while it works: until the returned function is called, silence is no alarm. */
  hold(): () => void;
  /** The state changed. */
  onChange(report: JailActReport): void;
  /** fail2ban is to be looked at again. */
  onEnd(): void;
}

type Draft = { -readonly [K in keyof JailActReport]: JailActReport[K] };

const LIFTING: readonly JailActKind[] = ['stop', 'restart', 'restart-all', 'restart-server'];
/** Lines of an act are read soon after they were written. */
const RECENT_MS = 10_000;
/** An act that ends within this time has its end in the first answer, milliseconds. */
const QUICK_MS = 1_500;
const KEPT = 50;
const POLL_MS = 100;
/** Bans that are put back are followed as long as they come; so long without one, and that was it. */
const STILL_MS = 10_000;
const WAIT_FOR_SERVER_MS = 60_000;
const LONG_MS = 3 * 3_600_000;

/** Carries out one act at a time, in the background: a reload of many bans takes minutes, and commands do not wait for it. */
export class ActRunner {
  readonly #reports = new Map<string, Draft>();
  #current: Draft | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(private readonly options: ActRunnerOptions) {}

  /** A restarting or stopping act that is under way, or was until just now. */
  get recent(): JailActReport | undefined {
    const last = this.#current ?? [...this.#reports.values()].at(-1);
    if (last === undefined || !LIFTING.includes(last.act)) return undefined;
    const endedMs = last.endedAt === null ? Infinity : Date.parse(last.endedAt);
    return Date.now() - endedMs < RECENT_MS || last.endedAt === null ? last : undefined;
  }

  /** The act that is under way. */
  get current(): JailActReport | undefined {
    return this.#current;
  }

  /** @throws {CommandError} when it is not known (any more) */
  state(id: string): JailActReport {
    const report = this.#reports.get(id);
    if (report === undefined) throw new CommandError('request/not-found', 'The agent knows no such act (any more)');
    return { ...report };
  }

  /**
   * Begins an act; answers with its state, or with its end when that comes soon.
   * @throws {CommandError} `jail/busy` while another is under way, `config/refused` when fail2ban would refuse
   */
  async begin(args: JailActArgs, signal: AbortSignal): Promise<JailActReport> {
    const known = this.#reports.get(args.id);
    if (known !== undefined) return { ...known };
    if (this.#current !== undefined)
      throw new CommandError(
        'jail/busy',
        `Another act is under way since ${this.#current.startedAt}; nothing was done`,
      );
    const report = this.#draft(args);
    this.#current = report;
    try {
      await this.#check(report, args, signal);
    } catch (error) {
      this.#current = undefined;
      throw error;
    }
    this.#remember(report);
    this.#work = this.#run(report, args);
    const timer = new AbortController();
    await Promise.race([this.#work, pause(QUICK_MS, undefined, { signal: timer.signal }).catch(() => undefined)]);
    timer.abort();
    return { ...report };
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#work;
  }

  #draft({ id, act, jail, unban }: JailActArgs): Draft {
    return {
      id,
      act,
      jail: jail ?? null,
      unban: unban === true,
      state: 'running',
      phase: 'checking',
      startedAt: new Date().toISOString(),
      endedAt: null,
      bannedBefore: 0,
      bannedNow: null,
      toRestore: 0,
      code: null,
      detail: null,
      runningJails: [],
      lostJails: [],
    };
  }

  /** Everything that can be known to fail fails here, before anything is touched: one bad regex would cost every jail. */
  async #check(report: Draft, args: JailActArgs, signal: AbortSignal): Promise<void> {
    const { effects, refusal } = await this.options.preview.of(args, signal);
    if (refusal !== null)
      throw new CommandError('config/refused', `fail2ban refuses the configuration; nothing was changed. ${refusal}`);
    if (args.act === 'start' && effects.every(({ becomes }) => becomes === 'stops'))
      throw new CommandError(
        'config/refused',
        `The configuration does not enable "${args.jail ?? ''}" (enabled = false), so fail2ban would not start it; nothing was changed`,
      );
    report.bannedBefore = effects.reduce((sum, { banned }) => sum + banned, 0);
    report.toRestore = effects.reduce((sum, { rebanned }) => sum + rebanned, 0);
    const { jails } = await this.options.client.server.status({ signal });
    report.runningJails = jails.slice(0, 2_000);
  }

  async #run(report: Draft, args: JailActArgs): Promise<void> {
    const before = report.runningJails;
    const release = this.options.hold();
    let failure: CommandError | undefined;
    try {
      this.#move(report, 'working');
      await this.#carryOut(report, args);
    } catch (error) {
      failure = toCommandError(error);
    }
    try {
      await this.#lookBack(report, args, before, failure === undefined);
    } catch (error) {
      failure ??= toCommandError(error);
    }
    release();
    report.state = failure === undefined ? 'done' : 'failed';
    report.code = failure?.code ?? null;
    report.detail = failure?.detail.slice(0, 16_000) ?? null;
    report.endedAt = new Date().toISOString();
    this.#current = undefined;
    this.#move(report, 'ended');
    this.options.onEnd();
  }

  async #carryOut(report: Draft, args: JailActArgs): Promise<void> {
    const { client, idle, host } = this.options;
    const jail = args.jail ?? '';
    const startedMs = performance.now();
    if (args.act === 'idle-on' || args.act === 'idle-off') {
      await client.jails.setIdle(jail, args.act === 'idle-on');
      idle.set(jail, args.act === 'idle-on');
      return;
    }
    if (args.act === 'stop') {
      await client.jails.stop(jail, { timeoutMs: LONG_MS });
      this.#note(jail, 'lift', report.bannedBefore, performance.now() - startedMs);
      idle.set(jail, false);
      return;
    }
    if (args.act === 'restart-server') {
      await this.#restartServer(args);
      return;
    }
    const { isOk, words, durationMs } = await host.reload(reloadWords(args));
    if (!isOk) throw new CommandError('config/refused', words, 'operational');
    if (args.jail !== undefined && isRestarting(args) && args.unban !== true)
      this.#note(args.jail, 'lift', report.bannedBefore, durationMs);
  }

  async #restartServer({ unban }: JailActArgs): Promise<void> {
    if (unban === true) await this.options.client.server.unbanAll({ timeoutMs: LONG_MS });
    const { isOk, words } = await this.options.host.restartServer();
    if (!isOk) throw new CommandError('fail2ban/refused', words, 'operational');
  }

  /** Follows the bans that come back, and says which jails run now. */
  async #lookBack(report: Draft, args: JailActArgs, before: readonly string[], isDone: boolean): Promise<void> {
    const running = await this.#jailsOnceServerAnswers();
    report.runningJails = running.slice(0, 2_000);
    const isMeant = (jail: string) => args.act === 'stop' && jail === args.jail;
    report.lostJails = before.filter((jail) => !running.includes(jail) && !isMeant(jail));
    const about = (args.jail === undefined ? running : running.filter((jail) => jail === args.jail)).filter(isJailName);
    if (isDone && report.toRestore > 0) {
      this.#move(report, 'restoring');
      await this.#followRestore(report, about, args);
    }
    report.bannedNow = await this.#banned(about);
  }

  async #followRestore(report: Draft, jails: readonly string[], { jail }: JailActArgs): Promise<void> {
    const beganMs = performance.now();
    let [best, bestMs, toldMs] = [0, beganMs, beganMs];
    for (;;) {
      const now = await this.#banned(jails);
      const atMs = performance.now();
      if (now > best) [best, bestMs] = [now, atMs];
      report.bannedNow = now;
      if (now >= report.toRestore || atMs - bestMs > STILL_MS) break;
      if (atMs - toldMs > 1_000) {
        toldMs = atMs;
        this.#move(report, 'restoring');
      }
      await pause(POLL_MS);
    }
    // Some may have come back before the first look: the true speed is at least this.
    if (jail !== undefined) this.#note(jail, 'restore', best, Math.max(bestMs - beganMs, POLL_MS));
  }

  #note(jail: string, kind: 'lift' | 'restore', bans: number, ms: number): void {
    if (this.options.isMeasuring()) this.options.rates.note(jail, kind, bans, ms);
  }

  async #banned(jails: readonly string[]): Promise<number> {
    let sum = 0;
    for (const jail of jails) sum += (await this.options.client.jail(jail).statusShort()).currentlyBanned;
    return sum;
  }

  async #jailsOnceServerAnswers(): Promise<string[]> {
    const untilMs = performance.now() + WAIT_FOR_SERVER_MS;
    for (;;) {
      try {
        return (await this.options.client.server.status()).jails;
      } catch (error) {
        if (performance.now() > untilMs) throw error;
        await pause(POLL_MS * 5);
      }
    }
  }

  #move(report: Draft, phase: JailActReport['phase']): void {
    report.phase = phase;
    this.options.onChange({ ...report });
  }

  #remember(report: Draft): void {
    this.#reports.set(report.id, report);
    for (const id of this.#reports.keys()) {
      if (this.#reports.size <= KEPT) return;
      this.#reports.delete(id);
    }
  }
}
