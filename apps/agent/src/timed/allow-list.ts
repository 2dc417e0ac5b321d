import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AllowSyncArgs, AllowSyncOutcome, AllowSyncResult } from '@bailiff/contracts/agent';
import { type Fail2banClient, isJailName, UnknownJailError } from '@bailiff/fail2ban-protocol';
import { contains, NetworkSet, tryParseNetwork, type IpNetwork } from '@bailiff/ip';
import { isAboutFail2ban, toCommandError } from '../commands/command-failure.js';
import type { AllowedNetwork, AllowStore, AppliedAllow } from './allow-store.js';
import type { TimedBans } from './timed-bans.js';
import type { WallClock } from './wall-clock.js';

/** What was done because of allow entries, for the host's own log. */
export interface AllowNews {
  readonly jail: string;
  readonly address: string;
  readonly what: 'allowed' | 'no longer allowed' | 'lifted';
}

/** What the keeper of allow entries works with. */
export interface AllowListOptions {
  readonly store: AllowStore;
  readonly client: Fail2banClient;
  readonly timed: TimedBans;
  readonly clock: WallClock;
  /** What the host's configuration tells a jail to ignore; undefined when it cannot be read. */
  configuredIgnores(jail: string): Promise<readonly string[] | undefined>;
  readonly onNews: (news: AllowNews) => void;
  readonly onError: (error: unknown) => void;
}

/** How often the jails' lists are compared with what they should be, in case nobody told of a reload. */
const LOOK_MS = 60_000;
const SETTLE_MS = 500;
const RETRY_MS = 3_000;
/** Bans looked at before others have their turn. */
const SLICE = 2_000;

/** What came of bringing the jails in line, by the id of the entry. */
interface Applied {
  readonly lifted: Map<string, number>;
  readonly failures: Map<string, string>;
}

/**
 * Keeps allow entries in the ignore lists of the running jails, which lose them at every reload, and takes them out again when
 * their time is over. What the host's own configuration ignores stays ignored. Bans of what is allowed are lifted.
 */
export class AllowList {
  /** Jails whose bans were searched for what is allowed, and with which entries. */
  readonly #cleared = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #dueMs = Infinity;
  #isStopped = false;

  constructor(private readonly options: AllowListOptions) {}

  start(): void {
    this.#plan(SETTLE_MS);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** What is allowed in any jail: not to be banned on the console's behalf. */
  networks(): IpNetwork[] {
    return this.#inForce().map(({ address }) => address);
  }

  /** What is kept in the ignore list of one jail. */
  networksIn(jail: string): IpNetwork[] {
    return this.#inForce().flatMap((entry) => (isMeant(entry, jail) ? entry.address : []));
  }

  /** Tells of addresses, as fail2ban writes them, whether they are allowed in a jail now. */
  judgeOf(jail: string): (address: string) => boolean {
    const networks = this.networksIn(jail);
    if (networks.length === 0) return () => false;
    const set = new NetworkSet(networks);
    return (address) => {
      const network = tryParseNetwork(address);
      return network !== undefined && set.covers(network);
    };
  }

  /** fail2ban or a jail started, or was configured anew: it has forgotten. */
  lookAfresh(): void {
    this.#cleared.clear();
    this.#plan(SETTLE_MS);
  }

  /** Something is known that may make entries end. */
  lookSoon(): void {
    this.#plan(SETTLE_MS);
  }

  /** `allow.sync`: these and no others, from now on. */
  async sync({ entries }: AllowSyncArgs): Promise<AllowSyncResult> {
    this.options.store.replace(entries);
    let applied: Applied;
    try {
      applied = await this.#apply();
    } catch (error) {
      // Kept, and tried again until it works: the host takes it from here.
      this.#plan(RETRY_MS);
      const detail = error instanceof Error ? error.message.slice(0, 300) : 'fail2ban could not be asked';
      return { entries: entries.map(({ id }) => ({ id, state: 'failed', detail, lifted: 0 })) };
    }
    this.#planNext();
    const known = new Map(this.options.store.all().map((entry) => [entry.id, entry]));
    return { entries: entries.map(({ id }) => this.#outcome(id, known.get(id), applied)) };
  }

  #outcome(id: string, entry: AllowedNetwork | undefined, applied: Applied): AllowSyncOutcome {
    const lifted = applied.lifted.get(id) ?? 0;
    if (entry === undefined) return { id, state: 'applied', detail: 'over already', lifted };
    const failure = applied.failures.get(id);
    if (failure !== undefined) return { id, state: 'failed', detail: failure.slice(0, 300), lifted };
    const jails = this.options.store
      .applied()
      .filter(({ jail, address }) => address === entry.address && isMeant(entry, jail))
      .map(({ jail }) => jail);
    const absent = (entry.jails ?? []).filter((jail) => !jails.includes(jail));
    const waits = absent.length === 0 ? '' : `; not running: ${absent.join(', ')}`;
    return { id, state: 'applied', detail: `${jails.join(', ') || 'no jail runs'}${waits}`.slice(0, 300), lifted };
  }

  #inForce(): AllowedNetwork[] {
    const { clock, store } = this.options;
    // Nothing ends by a clock that may be wrong: what is over is forgotten for good.
    const now = clock.settling() === 0 ? clock.now() : -Infinity;
    return store.all().filter(({ untilMs }) => untilMs === null || untilMs > now);
  }

  #plan(inMs: number): void {
    const dueMs = performance.now() + inMs;
    if (this.#isStopped || dueMs >= this.#dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#dueMs = Infinity;
      void this.#look();
    }, inMs);
  }

  async #look(): Promise<void> {
    if (this.#isStopped) return;
    try {
      await this.#apply();
      this.#planNext();
    } catch (error) {
      if ((error as { kind?: unknown }).kind !== 'operational') this.options.onError(error);
      this.#plan(RETRY_MS);
    }
  }

  #planNext(): void {
    const now = this.options.clock.now();
    const settlingMs = this.options.clock.settling();
    const ends = this.options.store.all().map(({ untilMs }) => (untilMs ?? Infinity) - now);
    this.#plan(Math.max(SETTLE_MS, Math.min(LOOK_MS, ...(settlingMs > 0 ? [settlingMs] : ends))));
  }

  /** Brings every running jail's ignore list in line; in turn with bans and their renewal. */
  #apply(): Promise<Applied> {
    const { store, client, timed, onError } = this.options;
    return timed.exclusively(async () => {
      const result: Applied = { lifted: new Map(), failures: new Map() };
      const wanted = this.#inForce();
      for (const { id } of store.all()) if (!wanted.some((entry) => entry.id === id)) store.remove(id);
      const applied = store.applied();
      if (wanted.length === 0 && applied.length === 0) return result;
      const { jails } = await client.server.status();
      for (const jail of jails.filter(isJailName)) {
        const own = wanted.filter((entry) => isMeant(entry, jail));
        const known = applied.filter((one) => one.jail === jail);
        try {
          await this.#applyTo(jail, own, known);
          await this.#lift(jail, own, result);
        } catch (error) {
          if (error instanceof UnknownJailError) continue;
          const failure = toCommandError(error);
          if (isAboutFail2ban(failure)) throw error;
          // One jail's trouble is not the others'.
          for (const { id } of own) note(result.failures, id, `${jail}: ${failure.detail}`);
          if (failure.kind !== 'operational') onError(error);
        }
      }
      // A jail that is gone has forgotten by itself.
      for (const { jail, address } of applied) if (!jails.includes(jail)) store.unapply(jail, address);
      return result;
    });
  }

  async #applyTo(jail: string, wanted: readonly AllowedNetwork[], applied: readonly AppliedAllow[]): Promise<void> {
    const { store, client, onNews } = this.options;
    const { filter: ignore } = client.jail(jail);
    const present = new Set((await ignore.ignoreip()).map((text) => tryParseNetwork(text) ?? text));
    for (const { address } of wanted) {
      const isPresent = present.has(address);
      const known = applied.find((one) => one.address === address);
      // What is absent was lost with a reload, whoever had put it there.
      if (known === undefined || (known.wasThere && !isPresent)) store.apply({ jail, address, wasThere: isPresent });
      if (isPresent) continue;
      await ignore.addIgnoreip([address]);
      present.add(address);
      onNews({ jail, address, what: 'allowed' });
    }
    const gone = applied.filter(({ address }) => !wanted.some((entry) => entry.address === address));
    if (gone.length === 0) return;
    const configured = (await this.options.configuredIgnores(jail)) ?? [];
    const kept = new Set<string>(configured.map((text) => tryParseNetwork(text) ?? text));
    for (const { address, wasThere } of gone) {
      if (!wasThere && !kept.has(address) && present.has(address)) {
        await ignore.removeIgnoreip(address);
        onNews({ jail, address, what: 'no longer allowed' });
      }
      store.unapply(jail, address);
    }
  }

  /** Lifts bans of what is allowed: when an entry is new, and when the jail may have brought back old bans. */
  async #lift(jail: string, wanted: readonly AllowedNetwork[], result: Applied): Promise<void> {
    const stamp = wanted
      .map(({ address }) => address)
      .sort()
      .join();
    if (this.#cleared.get(jail) === stamp) return;
    const { client, timed, onNews } = this.options;
    const set = new NetworkSet(wanted.map(({ address }) => address));
    const banned = await this.#bannedAbout(jail, wanted.length === 0 ? undefined : set);
    const covered = banned.filter(({ network }) => set.covers(network));
    if (covered.length > 0) {
      const ids = covered.map(({ id }) => id);
      timed.release([jail], ids);
      await client.jail(jail).bans.unban(ids);
      for (const address of ids) onNews({ jail, address, what: 'lifted' });
    }
    let isClear = true;
    for (const { id, address } of wanted) {
      const count = covered.filter(({ network }) => contains(address, network)).length;
      if (count > 0) result.lifted.set(id, (result.lifted.get(id) ?? 0) + count);
      // Others would be let in with it: that is for people to decide.
      const around = banned.find(({ network }) => network !== address && contains(network, address));
      if (around === undefined || set.covers(around.network)) continue;
      isClear = false;
      note(result.failures, id, `still kept out: ${around.id}, which covers it, is banned in ${jail}`);
    }
    if (isClear) this.#cleared.set(jail, stamp);
  }

  /**
   * A jail's bans that lie in, or cover, what is allowed. By one list: for each single question fail2ban searches all its bans,
   * and an address has two dozen networks around it.
   */
  async #bannedAbout(
    jail: string,
    allowed: NetworkSet | undefined,
  ): Promise<{ readonly id: string; readonly network: IpNetwork }[]> {
    if (allowed === undefined) return [];
    const found: { readonly id: string; readonly network: IpNetwork }[] = [];
    const ids = await this.options.client.jail(jail).bans.listUnsorted();
    for (const [index, id] of ids.entries()) {
      const network = tryParseNetwork(id);
      if (network !== undefined && allowed.touches(network)) found.push({ id, network });
      if (index % SLICE === SLICE - 1) await nextTurn();
    }
    return found;
  }
}

function note(failures: Map<string, string>, id: string, text: string): void {
  const before = failures.get(id);
  failures.set(id, before === undefined ? text : `${before}; ${text}`);
}

function isMeant({ jails }: AllowedNetwork, jail: string): boolean {
  return jails === null || jails.includes(jail);
}
