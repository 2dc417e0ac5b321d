import type { AllowSyncArgs, AllowSyncOutcome, AllowSyncResult } from '@bailiff/contracts/agent';
import { type Fail2banClient, isJailName, UnknownJailError } from '@bailiff/fail2ban-protocol';
import { isAddress, NetworkSet, tryParseNetwork, type IpNetwork } from '@bailiff/ip';
import type { AllowedNetwork, AllowStore, AppliedAllow } from './allow-store.js';
import type { TimedBans } from './timed-bans.js';
import type { WallClock } from './wall-clock.js';

/** What the keeper of allow entries works with. */
export interface AllowListOptions {
  readonly store: AllowStore;
  readonly client: Fail2banClient;
  readonly timed: TimedBans;
  readonly clock: WallClock;
  /** What the host's configuration tells a jail to ignore; undefined when it cannot be read. */
  configuredIgnores(jail: string): Promise<readonly string[] | undefined>;
  readonly onNews: (news: { jail: string; address: string; what: 'allowed' | 'no longer allowed' | 'lifted' }) => void;
  onError(error: unknown): void;
}

/** How often the jails' lists are compared with what they should be, in case nobody told of a reload. */
const LOOK_MS = 60_000;
const SETTLE_MS = 500;
const RETRY_MS = 3_000;

/**
 * Keeps allow entries in the ignore lists of the running jails, which lose them at every reload, and takes them out again when
 * their time is over. What the host's own configuration ignores stays ignored. Bans of what is allowed are lifted.
 */
export class AllowList {
  /** Jails whose bans were searched for what is allowed, and with which entries. */
  readonly #cleared = new Map<string, string>();
  readonly #failures = new Map<string, string>();
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

  /** fail2ban or a jail started, or was configured anew: it has forgotten. */
  lookAfresh(): void {
    this.#cleared.clear();
    this.#plan(SETTLE_MS);
  }

  /** `allow.sync`: these and no others, from now on. */
  async sync({ entries }: AllowSyncArgs): Promise<AllowSyncResult> {
    this.options.store.replace(entries);
    const lifted = new Map<string, number>();
    try {
      await this.#apply(lifted);
    } catch (error) {
      // Kept, and tried again until it works: the host takes it from here.
      this.#plan(RETRY_MS);
      const detail = error instanceof Error ? error.message.slice(0, 300) : 'fail2ban could not be asked';
      return { entries: entries.map(({ id }) => ({ id, state: 'failed', detail, lifted: 0 })) };
    }
    this.#planNext();
    const known = new Map(this.options.store.all().map((entry) => [entry.id, entry]));
    return { entries: entries.map(({ id }) => this.#outcome(id, known.get(id), lifted.get(id) ?? 0)) };
  }

  #outcome(id: string, entry: AllowedNetwork | undefined, lifted: number): AllowSyncOutcome {
    if (entry === undefined) return { id, state: 'applied', detail: 'over already', lifted };
    const failure = this.#failures.get(id);
    if (failure !== undefined) return { id, state: 'failed', detail: failure, lifted };
    const jails = this.options.store
      .applied()
      .filter(({ jail, address }) => address === entry.address && isMeant(entry, jail))
      .map(({ jail }) => jail);
    const absent = (entry.jails ?? []).filter((jail) => !jails.includes(jail));
    const waits = absent.length === 0 ? '' : `; not running: ${absent.join(', ')}`;
    return { id, state: 'applied', detail: `${jails.join(', ') || 'no jail runs'}${waits}`.slice(0, 300), lifted };
  }

  #inForce(): AllowedNetwork[] {
    const now = this.options.clock.now();
    return this.options.store.all().filter(({ untilMs }) => untilMs === null || untilMs > now);
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
      const settlingMs = this.options.clock.settling();
      if (settlingMs === 0) await this.#apply(new Map());
      this.#planNext();
    } catch (error) {
      if ((error as { kind?: unknown }).kind !== 'operational') this.options.onError(error);
      this.#plan(RETRY_MS);
    }
  }

  #planNext(): void {
    const now = this.options.clock.now();
    const ends = this.options.store.all().map(({ untilMs }) => (untilMs ?? Infinity) - now);
    this.#plan(Math.max(SETTLE_MS, Math.min(LOOK_MS, ...ends)));
  }

  /** Brings every running jail's ignore list in line; in turn with bans and their renewal. */
  #apply(lifted: Map<string, number>): Promise<void> {
    const { store, client, timed } = this.options;
    return timed.exclusively(async () => {
      this.#failures.clear();
      const wanted = this.#inForce();
      for (const { id } of store.all()) if (!wanted.some((entry) => entry.id === id)) store.remove(id);
      const applied = store.applied();
      if (wanted.length === 0 && applied.length === 0) return;
      const { jails } = await client.server.status();
      for (const jail of jails.filter(isJailName)) {
        try {
          const own = wanted.filter((entry) => isMeant(entry, jail));
          await this.#applyTo(
            jail,
            own,
            applied.filter((one) => one.jail === jail),
          );
          await this.#lift(jail, own, lifted);
        } catch (error) {
          if (!(error instanceof UnknownJailError)) throw error;
        }
      }
      // A jail that is gone has forgotten by itself.
      for (const { jail, address } of applied) if (!jails.includes(jail)) store.unapply(jail, address);
    });
  }

  async #applyTo(jail: string, wanted: readonly AllowedNetwork[], applied: readonly AppliedAllow[]): Promise<void> {
    const { store, client, onNews } = this.options;
    const { filter: ignore } = client.jail(jail);
    const present = new Set((await ignore.ignoreip()).map((text) => tryParseNetwork(text) ?? text));
    for (const { address } of wanted) {
      const known = applied.find((one) => one.address === address);
      if (known === undefined) store.apply({ jail, address, wasThere: present.has(address) });
      if (present.has(address)) continue;
      await ignore.addIgnoreip([address]);
      present.add(address);
      onNews({ jail, address, what: 'allowed' });
    }
    const gone = applied.filter(({ address }) => !wanted.some((entry) => entry.address === address));
    if (gone.length === 0) return;
    const configured = await this.options.configuredIgnores(jail);
    const kept = new Set<string>(configured?.map((text) => tryParseNetwork(text) ?? text));
    for (const { address, wasThere } of gone) {
      // Where the configuration cannot be read, what was there before stays.
      const isOwn = configured === undefined ? wasThere : kept.has(address);
      if (!isOwn && !(wasThere && configured === undefined) && present.has(address)) {
        await ignore.removeIgnoreip(address);
        onNews({ jail, address, what: 'no longer allowed' });
      }
      store.unapply(jail, address);
    }
  }

  /** Lifts bans of what is allowed: when an entry is new, and when the jail may have brought back old bans. */
  async #lift(jail: string, wanted: readonly AllowedNetwork[], lifted: Map<string, number>): Promise<void> {
    const stamp = wanted
      .map(({ address }) => address)
      .sort()
      .join();
    if (this.#cleared.get(jail) === stamp) return;
    const { client, timed, onNews } = this.options;
    const { bans } = client.jail(jail);
    const set = new NetworkSet(wanted.map(({ address }) => address));
    // Single addresses are asked for one by one, which is cheaper than the list; a network may hold any number.
    const isSimple = wanted.length <= 20 && wanted.every(({ address }) => isAddress(address));
    const singles = wanted.map(({ address }) => address);
    const areBanned = isSimple && singles.length > 0 ? await bans.areBanned(singles) : [];
    const candidates = isSimple ? singles.filter((_, index) => areBanned[index] === true) : await bans.listUnsorted();
    const covered = candidates.filter((id) => {
      const network = tryParseNetwork(id);
      return network !== undefined && set.covers(network);
    });
    if (covered.length > 0) {
      timed.release([jail], covered);
      await bans.unban(covered);
      for (const address of covered) onNews({ jail, address, what: 'lifted' });
      for (const { id, address } of wanted) {
        const own = new NetworkSet([address]);
        const count = covered.filter((text) => own.covers(tryParseNetwork(text) ?? address)).length;
        if (count > 0) lifted.set(id, (lifted.get(id) ?? 0) + count);
      }
    }
    this.#cleared.set(jail, stamp);
  }
}

function isMeant({ jails }: AllowedNetwork, jail: string): boolean {
  return jails === null || jails.includes(jail);
}
