import { type Fail2banClient, UnknownJailError } from '@bailiff/fail2ban-protocol';
import { isAddress, tryParseNetwork } from '@bailiff/ip';
import { isAboutFail2ban, toCommandError } from '../commands/command-failure.js';
import type { OriginMarks } from '../state/origin-marks.js';
import { MissingBans } from './missing-bans.js';
import { Pledge } from './pledge.js';
import type { TimedBan, TimedBanStore } from './timed-ban-store.js';
import { TurnTaker } from './turn-taker.js';
import { WallClock } from './wall-clock.js';

/** What the keeper of timed bans works with. */
export interface TimedBansOptions {
  readonly store: TimedBanStore;
  readonly client: Fail2banClient;
  readonly marks: OriginMarks;
  /** Whether an address is on the allow list: what is missing of it is not banned again. */
  isAllowed(jail: string, address: string): boolean;
  /** fail2ban's database; undefined while there is none that can be read. */
  databasePath(): string | undefined;
  /** What a timed ban has come to, for the host's own log. */
  onNews(news: { jail: string; address: string; what: 'lifted' | 'banned again' | 'given up' }): void;
  onError(error: unknown): void;
  readonly clock?: WallClock;
}

/** Longest time without a look: the clock may have been set. */
const LOOK_MS = 20_000;
const SOON_MS = 250;
/** fail2ban answers before its jails run. */
const SETTLE_MS = 1_000;
/** Ids asked about in one command: fail2ban scans its list for each. */
const ASK = 50;
/** An end this far back is late: fail2ban may have banned the address anew since. */
const LATE_MS = 10_000;
/** A jail that is gone for so long does not come back with our bans. */
const GIVE_UP_MS = 7 * 86_400_000;
/** A jail that is gone is asked for this often, in case nobody tells that it is back: fail2ban logs each time as an error. */
const ABSENT_MS = 60_000;

/**
 * Keeps bans for the time that was asked for, which fail2ban has no notion of: `banip` lasts the jail's `bantime`. Lifts
 * them on time; renews those that are to last longer before fail2ban lifts them (`banip` of a banned address makes its end
 * later, without touching the firewall); bans anew what a restart dropped. What somebody unbanned by hand stays unbanned.
 */
export class TimedBans {
  readonly #turns = new TurnTaker();
  readonly #missing: MissingBans;
  readonly #clock: WallClock;
  /** Seconds by jail, as last seen. */
  readonly #bantimes = new Map<string, number>();
  /** Bans that fail2ban lifted, by our notice. */
  #suspects = new Set<string>();
  /** Whether every ban is to be looked at: fail2ban or a jail started. */
  #isAfresh = true;
  /** Jails whose bans are to be looked at all over again, since that failed. */
  #failed = new Set<string>();
  /** Jails that are not running, and when to ask for them again. */
  readonly #absent = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #dueMs = Infinity;
  #isStopped = false;

  constructor(private readonly options: TimedBansOptions) {
    this.#clock = options.clock ?? new WallClock();
    this.#missing = new MissingBans(options.client, () => options.databasePath());
  }

  start(): void {
    this.#plan(SOON_MS);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#turns.run(() => Promise.resolve());
    this.#missing.close();
  }

  /** fail2ban or one of its jails started, or was configured anew. */
  lookAfresh(): void {
    this.#isAfresh = true;
    this.#plan(SETTLE_MS);
  }

  /** fail2ban says that it lifted these. */
  unbanned(bans: readonly { readonly jail: string; readonly address: string }[]): void {
    for (const { jail, address } of bans)
      if (this.options.store.get(jail, address) !== undefined) this.#suspects.add(keyOf(jail, address));
    if (this.#suspects.size > 0) this.#plan(SOON_MS);
  }

  /** Does something that the keeper must not come in between of. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(work);
  }

  /** Notes bans that are about to be made with an end of their own. Call within {@link exclusively}. */
  pledge(jails: readonly string[], addresses: readonly string[], durationSeconds: number): Pledge {
    const fromMs = this.#clock.now();
    const untilMs = durationSeconds < 0 ? null : fromMs + durationSeconds * 1_000;
    const bans = jails.flatMap((jail) =>
      addresses.map((address): TimedBan => {
        // fail2ban keeps the record of a ban by when it was made, whatever becomes of its end.
        const since = this.options.store.get(jail, address)?.fromMs ?? fromMs;
        return { jail, address, fromMs: since, untilMs, endsMs: 0, origin: 'manual' };
      }),
    );
    for (const jail of jails) this.#absent.delete(jail);
    return new Pledge(this.options.store, bans, () => this.#plan(0));
  }

  /** Forgets bans that are about to be lifted; no jails: every jail. Call within {@link exclusively}. @returns takes it back */
  release(jails: readonly string[] | undefined, addresses: readonly string[] | undefined): () => void {
    const { store } = this.options;
    const found = addresses === undefined ? store.all() : addresses.flatMap((address) => store.ofAddress(address));
    const released = found.filter(({ jail }) => jails === undefined || jails.includes(jail));
    for (const { jail, address } of released) store.remove(jail, address);
    return () => {
      for (const ban of released) store.put(ban);
    };
  }

  #plan(inMs: number): void {
    const dueMs = performance.now() + inMs;
    if (this.#isStopped || dueMs >= this.#dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#dueMs = Infinity;
      void this.#turns.run(() => this.#look());
    }, inMs);
  }

  async #look(): Promise<void> {
    if (this.#isStopped) return;
    const settlingMs = this.#clock.settling();
    if (settlingMs > 0) {
      this.#plan(Math.min(settlingMs, LOOK_MS));
      return;
    }
    const isAfresh = this.#isAfresh;
    const [suspects, failed] = [this.#suspects, this.#failed];
    this.#isAfresh = false;
    [this.#suspects, this.#failed] = [new Set(), new Set()];
    if (isAfresh) this.#absent.clear();
    try {
      const now = this.#clock.now();
      const isOver = ({ untilMs }: TimedBan) => untilMs !== null && untilMs <= now;
      const isToSee = (ban: TimedBan) =>
        isAfresh || failed.has(ban.jail) || this.#isDue(ban, now) || suspects.has(keyOf(ban.jail, ban.address));
      const byJail = Map.groupBy(this.#present(), ({ jail }) => jail);
      // What is over goes first, in all jails: it is what somebody waits for.
      for (const [jail, bans] of byJail)
        await this.#try(jail, bans.filter(isOver), (own) => this.#lift(jail, own, now));
      for (const [jail, bans] of byJail)
        await this.#try(
          jail,
          bans.filter((ban) => !isOver(ban) && isToSee(ban)),
          (own) => this.#keep(jail, own, isAfresh || failed.has(jail)),
        );
      if (this.#failed.size > 0) this.#plan(SETTLE_MS * 2);
      this.#planNext();
    } catch (error) {
      this.#isAfresh ||= isAfresh;
      for (const suspect of suspects) this.#suspects.add(suspect);
      for (const jail of failed) this.#failed.add(jail);
      this.#report(error);
      this.#plan(SETTLE_MS * 2);
    }
  }

  /** Does something for one jail. What goes wrong in it does not keep the others waiting, unless it is fail2ban itself. */
  async #try(
    jail: string,
    bans: readonly TimedBan[],
    work: (bans: readonly TimedBan[]) => Promise<void>,
  ): Promise<void> {
    if (bans.length === 0 || this.#absent.has(jail)) return;
    try {
      await work(bans);
    } catch (error) {
      if (isAboutFail2ban(toCommandError(error))) throw error;
      if (error instanceof UnknownJailError) {
        // What starts it calls lookAfresh.
        this.#absent.set(jail, performance.now() + ABSENT_MS);
        return;
      }
      this.#failed.add(jail);
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    if ((error as { kind?: unknown }).kind !== 'operational') this.options.onError(error);
  }

  /** Bans in jails that run, as far as known. */
  #present(): TimedBan[] {
    for (const [jail, untilMs] of this.#absent) if (performance.now() >= untilMs) this.#absent.delete(jail);
    return this.options.store.all().filter(({ jail }) => !this.#absent.has(jail));
  }

  #planNext(): void {
    const now = this.#clock.now();
    let nextMs = LOOK_MS;
    for (const ban of this.#present()) {
      if (this.#failed.has(ban.jail)) continue;
      if (ban.untilMs !== null) nextMs = Math.min(nextMs, ban.untilMs - now);
      if (this.#needsRenewal(ban)) nextMs = Math.min(nextMs, (ban.endsMs ?? 0) - this.#marginMs(ban.jail) - now);
    }
    this.#plan(Math.max(SOON_MS, nextMs));
  }

  #needsRenewal({ endsMs, untilMs }: TimedBan): boolean {
    return endsMs !== null && (untilMs === null || endsMs < untilMs);
  }

  #isDue(ban: TimedBan, now: number): boolean {
    return this.#needsRenewal(ban) && now >= (ban.endsMs ?? 0) - this.#marginMs(ban.jail);
  }

  /** How long before fail2ban would lift a ban it is renewed. */
  #marginMs(jail: string): number {
    return Math.min(60_000, Math.max(1_500, (this.#bantimes.get(jail) ?? 0) * 250));
  }

  /** Renews what is banned and bans again what should be. */
  async #keep(jail: string, bans: readonly TimedBan[], isAfresh: boolean): Promise<void> {
    const commands = this.options.client.jail(jail);
    const bantime = await commands.times.bantime();
    this.#bantimes.set(jail, bantime);
    for (let start = 0; start < bans.length; start += ASK) {
      const some = bans.slice(start, start + ASK);
      const areBanned = await commands.bans.areBanned(some.map(({ address }) => address));
      const missing = some.filter((_, index) => areBanned[index] !== true);
      for (const ban of missing) {
        if (
          this.options.isAllowed(jail, ban.address) ||
          (await this.#missing.isByHand(ban, this.#clock.now(), isAfresh))
        ) {
          this.options.store.remove(jail, ban.address);
          this.options.onNews({ jail, address: ban.address, what: 'given up' });
        } else await this.#banAgain(ban);
      }
      const present = some.filter((ban) => !missing.includes(ban)).map(({ address }) => address);
      if (present.length > 0) await commands.bans.ban(present);
      const endsMs = bantime < 0 ? null : this.#clock.now() + bantime * 1_000;
      for (const { address } of some) this.options.store.setEnds(jail, address, endsMs);
    }
  }

  async #banAgain({ jail, address, origin, endsMs }: TimedBan): Promise<void> {
    const end = this.options.marks.begin(jail, address, origin);
    try {
      const { changed } = await this.options.client.jail(jail).bans.ban([address]);
      end(changed > 0);
      // 0: its first ban was asked for a moment ago, and nobody knows what became of it.
      if (endsMs !== 0) this.options.onNews({ jail, address, what: 'banned again' });
    } catch (error) {
      end(false);
      throw error;
    }
  }

  async #lift(jail: string, bans: readonly TimedBan[], now: number): Promise<void> {
    const { store, client } = this.options;
    const own: TimedBan[] = [];
    for (const ban of bans) {
      const isLate = now - (ban.untilMs ?? now) > LATE_MS;
      if (isLate && this.#missing.isBannedAnew(ban)) store.remove(jail, ban.address);
      else own.push(ban);
    }
    try {
      const banned = await this.#stillBanned(jail, own);
      if (banned.length > 0) await client.jail(jail).bans.unban(banned);
    } catch (error) {
      // The jail may come back and bring its old bans along; then they are lifted.
      if (error instanceof UnknownJailError)
        for (const { address, untilMs } of own) if (now - (untilMs ?? now) > GIVE_UP_MS) store.remove(jail, address);
      throw error;
    }
    for (const { address } of own) {
      store.remove(jail, address);
      this.options.onNews({ jail, address, what: 'lifted' });
    }
  }

  /** Without networks that are not banned any more: fail2ban would lift the ban of every address inside instead. */
  async #stillBanned(jail: string, bans: readonly TimedBan[]): Promise<string[]> {
    const addresses = bans.map(({ address }) => address);
    const networks = addresses.filter((address) => !isSingle(address));
    const areBanned = await this.options.client.jail(jail).bans.areBanned(networks);
    const gone = new Set(networks.filter((_, index) => areBanned[index] !== true));
    return addresses.filter((address) => !gone.has(address));
  }
}

function isSingle(text: string): boolean {
  const network = tryParseNetwork(text);
  return network !== undefined && isAddress(network);
}

function keyOf(jail: string, address: string): string {
  return `${jail}\0${address}`;
}
