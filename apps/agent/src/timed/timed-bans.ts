import { setTimeout as pause } from 'node:timers/promises';
import { type Fail2banClient, UnknownJailError } from '@bailiff/fail2ban-protocol';
import { BulkPace } from '../bulk/bulk-pace.js';
import { isAboutFail2ban, toCommandError } from '../commands/command-failure.js';
import { DatabaseBusyError } from '../history-feed/ban-database.js';
import type { OriginMarks } from '../state/origin-marks.js';
import type { StateDatabase } from '../state/state-database.js';
import { GroupWork, type CommandTime, type TimedNews } from './group-work.js';
import { JailTasks, type JailTask } from './jail-tasks.js';
import { MissingBans } from './missing-bans.js';
import { Pledge } from './pledge.js';
import { PresentBans } from './present-bans.js';
import type { TimedBan, TimedBanStore } from './timed-ban-store.js';
import { TurnTaker } from './turn-taker.js';
import { WallClock } from './wall-clock.js';

/** What the keeper of timed bans works with. */
export interface TimedBansOptions {
  readonly store: TimedBanStore;
  readonly state: Pick<StateDatabase, 'transaction'>;
  readonly client: Fail2banClient;
  readonly marks: OriginMarks;
  /** Tells of a jail which addresses are on its allow list: what is missing of them is not banned again. */
  allowedIn(jail: string): (address: string) => boolean;
  /** fail2ban's database; undefined while there is none that can be read. */
  databasePath(): string | undefined;
  /** What timed bans have come to, for the host's own log. */
  onNews(news: TimedNews): void;
  onError(error: unknown): void;
  readonly clock?: WallClock;
}

/** Longest time without a look: the clock may have been set. */
const LOOK_MS = 20_000;
const SOON_MS = 250;
/** fail2ban answers before its jails run. */
const SETTLE_MS = 1_000;
/** A jail that is gone is asked for this often, in case nobody tells that it is back: fail2ban logs each time as an error. */
const ABSENT_MS = 60_000;
const RETRY_MS = 2 * SETTLE_MS;
const BUSY_MS = 25;
/** Where so many vanish at once, the whole jail is looked at. */
const MANY = 1_000;

/**
 * Keeps bans for the time that was asked for, which fail2ban has no notion of: `banip` lasts the jail's `bantime`. Lifts
 * them on time; renews those that are to last longer before fail2ban lifts them (`banip` of a banned address makes its end
 * later, without touching the firewall); bans anew what a restart dropped. What somebody unbanned by hand stays unbanned.
 * All in small commands, others' turn between two of them: there may be 100,000.
 */
export class TimedBans {
  readonly #turns = new TurnTaker();
  readonly #missing: MissingBans;
  readonly #present: PresentBans;
  readonly #work: GroupWork;
  readonly #clock: WallClock;
  readonly #tasks: JailTasks;
  /** Seconds by jail, as last seen. */
  readonly #bantimes = new Map<string, number>();
  readonly #paces = new Map<string, BulkPace>();
  /** Jails that are not running, or where something failed, and when to try them again. */
  readonly #absent = new Map<string, number>();
  readonly #failed = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #dueMs = Infinity;
  #looking: Promise<void> | undefined;
  #isStopped = false;

  constructor(private readonly options: TimedBansOptions) {
    const { client, store } = options;
    this.#clock = options.clock ?? new WallClock();
    this.#missing = new MissingBans(client, () => options.databasePath());
    this.#present = new PresentBans(client);
    this.#work = new GroupWork({
      store,
      client,
      marks: options.marks,
      state: options.state,
      missing: this.#missing,
      present: this.#present,
      allowedIn: (jail) => options.allowedIn(jail),
      onNews: (news) => options.onNews(news),
    });
    this.#tasks = new JailTasks(store, (jail) => this.#marginMs(jail));
  }

  start(): void {
    this.#tasks.lookAfresh();
    this.#plan(SOON_MS);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
    await this.#turns.run(() => Promise.resolve());
    this.#missing.close();
  }

  /** fail2ban or one of its jails started, or was configured anew. */
  lookAfresh(): void {
    this.#tasks.lookAfresh();
    this.#absent.clear();
    this.#present.forget();
    this.#plan(SETTLE_MS);
  }

  /** Something is known that may make bans due. */
  lookSoon(): void {
    this.#plan(SOON_MS);
  }

  /** fail2ban says that it lifted these. */
  unbanned(bans: readonly { readonly jail: string; readonly address: string }[]): void {
    for (const [jail, some] of Map.groupBy(bans, (ban) => ban.jail)) {
      const addresses = some.map(({ address }) => address);
      this.#present.remove(jail, addresses);
      if (addresses.length > MANY) this.#tasks.lookThrough(jail);
      else this.#tasks.suspect(jail, addresses);
    }
    if (this.#tasks.hasSuspects) this.#plan(SOON_MS);
  }

  /** Does something that the keeper must not come in between of. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(work);
  }

  /** Notes bans that are about to be made with an end of their own. Call within {@link exclusively}. */
  pledge(jails: readonly string[], addresses: readonly string[], durationSeconds: number): Pledge {
    const fromMs = this.#clock.now();
    const untilMs = durationSeconds < 0 ? null : fromMs + durationSeconds * 1_000;
    const pledged = jails.flatMap((jail) =>
      addresses.map((address) => {
        const former = this.options.store.get(jail, address);
        // fail2ban keeps the record of a ban by when it was made, whatever becomes of its end.
        const since = former?.fromMs ?? fromMs;
        return { ban: { jail, address, fromMs: since, untilMs, endsMs: 0, origin: 'manual' as const }, former };
      }),
    );
    for (const jail of jails) this.#absent.delete(jail);
    return new Pledge(this.options.store, pledged, () => this.#plan(0));
  }

  /** fail2ban has just banned these for the jail's own time: nothing more need be asked to know when it would lift them. */
  async madeNow(jail: string, addresses: readonly string[], sinceMs: number): Promise<void> {
    const bantime = await this.#bantimeOf(jail);
    this.#bantimes.set(jail, bantime);
    const endsMs = bantime < 0 ? null : sinceMs + bantime * 1_000;
    this.options.store.setEnds(
      jail,
      addresses.map((address) => ({ address, endsMs })),
    );
  }

  /** Forgets bans that are about to be lifted; no jails: every jail. Call within {@link exclusively}. @returns takes it back */
  release(jails: readonly string[] | undefined, addresses: readonly string[] | undefined): () => void {
    const { store } = this.options;
    if (addresses === undefined) return store.removeEverything(jails);
    const released =
      jails === undefined
        ? addresses.flatMap((address) => store.ofAddress(address))
        : jails.flatMap((jail) => addresses.flatMap((address) => store.get(jail, address) ?? []));
    store.removeAll(released);
    return () => store.putAll(released);
  }

  #plan(inMs: number): void {
    const dueMs = performance.now() + inMs;
    if (this.#isStopped || dueMs >= this.#dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#dueMs = Infinity;
      // Who looks already plans anew when it is through.
      this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    }, inMs);
  }

  /** Group by group, until nothing is due. In between whoever bans or unbans has its turn. */
  async #look(): Promise<void> {
    try {
      while (!this.#isStopped) {
        if (this.#clock.isJumping()) {
          this.#plan(Math.min(this.#clock.settling(), LOOK_MS));
          return;
        }
        const gapMs = await this.#turns.run(() => this.#step());
        if (gapMs === undefined) break;
        await pause(gapMs);
      }
      this.#plan(this.#waitMs());
    } catch (error) {
      this.#report(error);
      this.#plan(RETRY_MS);
    } finally {
      this.#present.forget();
    }
  }

  /** One group of one jail. @returns how long to leave fail2ban to others; undefined: nothing is due */
  async #step(): Promise<number | undefined> {
    if (this.#isStopped) return undefined;
    const nowMs = this.#clock.now();
    const jails = this.#jails();
    // What is over goes first, in all jails: it is what somebody waits for.
    for (const jail of this.#clock.settling() > 0 ? [] : jails) {
      const pace = this.#pace('lift', jail);
      const over = this.options.store.over(jail, nowMs, pace.size);
      if (over.length > 0) return this.#try(jail, over, pace, () => this.#work.lift(jail, over, nowMs));
    }
    for (const jail of jails) {
      const pace = this.#pace('keep', jail);
      if (this.#tasks.isBegun(jail, nowMs)) {
        const bantime = await this.#tryBantime(jail);
        if (bantime === undefined) continue;
      }
      const task = this.#tasks.next(jail, nowMs, pace.size, this.#bantimes.get(jail) ?? 0);
      if (task !== undefined) return this.#try(jail, task.bans, pace, () => this.#keep(jail, task, nowMs, pace), task);
    }
    return undefined;
  }

  async #keep(jail: string, task: JailTask, nowMs: number, { size }: BulkPace): Promise<CommandTime> {
    const kept = await this.#work.keep(jail, task.bans, {
      nowMs,
      bantimeSeconds: this.#bantimes.get(jail) ?? 0,
      marginMs: this.#marginMs(jail),
      isAfterStart: task.isAfterStart,
      isLookUp: task.isLookUp,
      size,
    });
    task.done(kept.handled);
    return kept;
  }

  /** Does something in one jail. What goes wrong in it does not keep the others waiting, unless it is fail2ban itself. */
  async #try(
    jail: string,
    bans: readonly TimedBan[],
    pace: BulkPace,
    work: () => Promise<CommandTime>,
    task?: JailTask,
  ): Promise<number> {
    try {
      const { size, elapsedMs } = await work();
      if (size > 0) pace.measure(size, elapsedMs);
      return size > 0 ? pace.gapMs : 0;
    } catch (error) {
      // fail2ban is writing its own file: nobody's fault, and soon over.
      if (error instanceof DatabaseBusyError) return BUSY_MS;
      if (this.#isAbsent(jail, error)) return 0;
      this.#failed.set(jail, performance.now() + RETRY_MS);
      // One of them is what fail2ban does not like; told of alone, it does not hold up the others for ever.
      const [first] = bans;
      if (pace.size > 1 || task === undefined || first === undefined) pace.shrink();
      else {
        task.done(1);
        this.options.store.setEnds(jail, [{ address: first.address, endsMs: this.#clock.now() + 2 * ABSENT_MS }]);
      }
      this.#report(error);
      return 0;
    }
  }

  async #tryBantime(jail: string): Promise<number | undefined> {
    try {
      const bantime = await this.#bantimeOf(jail);
      this.#bantimes.set(jail, bantime);
      return bantime;
    } catch (error) {
      if (!this.#isAbsent(jail, error)) {
        this.#failed.set(jail, performance.now() + RETRY_MS);
        this.#report(error);
      }
      return undefined;
    }
  }

  /** Whether it is that the jail does not run. @throws what is about fail2ban itself */
  #isAbsent(jail: string, error: unknown): boolean {
    if (isAboutFail2ban(toCommandError(error))) throw error;
    if (!(error instanceof UnknownJailError)) return false;
    // What starts it calls lookAfresh.
    this.#absent.set(jail, performance.now() + ABSENT_MS);
    return true;
  }

  #bantimeOf(jail: string): Promise<number> {
    return this.options.client.jail(jail).times.bantime();
  }

  #report(error: unknown): void {
    if ((error as { kind?: unknown }).kind !== 'operational') this.options.onError(error);
  }

  /** Jails with timed bans that run, as far as known. */
  #jails(): string[] {
    const now = performance.now();
    for (const later of [this.#absent, this.#failed])
      for (const [jail, untilMs] of later) if (now >= untilMs) later.delete(jail);
    return this.options.store.jails().filter((jail) => !this.#absent.has(jail) && !this.#failed.has(jail));
  }

  #waitMs(): number {
    const now = this.#clock.now();
    const isHeld = this.#clock.settling() > 0;
    let waitMs = this.#failed.size > 0 ? RETRY_MS : LOOK_MS;
    for (const jail of this.#jails()) {
      if (!isHeld) waitMs = Math.min(waitMs, (this.options.store.nextOver(jail) ?? Infinity) - now);
      waitMs = Math.min(waitMs, this.#tasks.nextAt(jail) - now);
    }
    return Math.max(SOON_MS, waitMs);
  }

  /** How long before fail2ban would lift a ban it is renewed. */
  #marginMs(jail: string): number {
    return Math.min(60_000, Math.max(1_500, (this.#bantimes.get(jail) ?? 0) * 250));
  }

  #pace(what: 'lift' | 'keep', jail: string): BulkPace {
    const key = `${what} ${jail}`;
    let pace = this.#paces.get(key);
    if (pace === undefined) this.#paces.set(key, (pace = new BulkPace()));
    return pace;
  }
}
