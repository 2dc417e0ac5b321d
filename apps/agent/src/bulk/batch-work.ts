import { CommandError } from '@bailiff/agent-channel';
import type { Fail2banClient } from '@bailiff/fail2ban-protocol';
import { isAddress, parseNetwork, prefixLength, type IpNetwork } from '@bailiff/ip';
import type { GuardSource } from '../commands/guard-source.js';
import { toCommandError } from '../commands/command-failure.js';
import type { PolicyFile } from '../policy/policy-file.js';
import type { OriginMarks } from '../state/origin-marks.js';
import { whyNotTaken, type JailReach, type NetworkReach } from '../timed/network-reach.js';
import type { Pledge } from '../timed/pledge.js';
import type { TimedBans } from '../timed/timed-bans.js';
import type { BannedHints } from './banned-hints.js';
import { BannedSnapshot } from './banned-snapshot.js';
import type { ResultLetter, StoredJob } from './bulk-job.js';
import type { BulkStore } from './bulk-store.js';

/** What became of one entry. */
export interface Verdict {
  readonly letter: ResultLetter;
  readonly code?: string;
  readonly detail?: string;
}

/** How one batch is to be carried out. */
export interface BatchOptions {
  /** Whether fail2ban may have been told before: then a count of 0 does not mean that nothing was ours. */
  readonly isResumed: boolean;
  /** Called in the transaction before fail2ban is told. */
  readonly onBegin?: () => void;
  /** Called in the transaction after it answered. */
  readonly onEnd?: (verdicts: readonly Verdict[]) => void;
}

/** What the last command kept fail2ban for; size 0 when there was nothing to say. */
export interface BatchTime {
  readonly size: number;
  readonly elapsedMs: number;
}

const DONE: Verdict = { letter: 'd' };
const UNCHANGED: Verdict = { letter: 'u' };

/** What batches need of the agent. */
export interface BatchTools {
  readonly client: Fail2banClient;
  readonly policy: PolicyFile;
  readonly guards: GuardSource;
  readonly marks: OriginMarks;
  readonly hints: BannedHints;
  readonly store: BulkStore;
  readonly timed: Pick<TimedBans, 'exclusively' | 'release' | 'pledge' | 'madeNow' | 'lookAfresh'>;
  readonly reach: NetworkReach;
}

/** Bans or unbans some addresses in one jail: guard, marks of who asked, fail2ban, and what it made of each. */
export class BatchWork {
  readonly #snapshot: BannedSnapshot;

  constructor(
    private readonly tools: BatchTools,
    private readonly job: Pick<StoredJob, 'direction' | 'durationSeconds'>,
    private readonly signal: AbortSignal,
  ) {
    this.#snapshot = new BannedSnapshot(tools.client);
  }

  /** Why the host does not allow this any more. */
  denied(): CommandError | undefined {
    try {
      if (this.tools.policy.current().groups.has('ban')) return undefined;
      return new CommandError('agent/policy-denied', 'The host\'s policy does not grant "ban" any more', 'user');
    } catch (error) {
      return toCommandError(error);
    }
  }

  /** @throws what fail2ban's client throws; nothing has a verdict then */
  async apply(jail: string, addresses: readonly string[], options: BatchOptions): Promise<BatchTime> {
    const networks = addresses.map(parseNetwork);
    try {
      // The keeper of timed bans must not come in between: it would renew what is being lifted.
      return await this.tools.timed.exclusively(() =>
        this.job.direction === 'ban' ? this.#ban(jail, networks, options) : this.#unban(jail, networks, options),
      );
    } catch (error) {
      this.#snapshot.forget();
      throw error;
    }
  }

  /**
   * What became of addresses that fail2ban was told but did not answer for; undefined when it was not done.
   * @throws what fail2ban's client throws
   */
  async outcomes(jail: string, addresses: readonly string[]): Promise<(Verdict | undefined)[]> {
    const { timed } = this.tools;
    const isBan = this.job.direction === 'ban';
    return timed.exclusively(async () => {
      const banned = await this.#snapshot.among(jail, addresses, this.signal, true);
      // What is not banned never will be: nobody is to make it so later.
      if (isBan && this.job.durationSeconds !== undefined)
        timed.release(
          [jail],
          addresses.filter((address) => !banned.has(address)),
        );
      return addresses.map((address) => (banned.has(address) === isBan ? DONE : undefined));
    });
  }

  /** fail2ban or the jail was away: bans with an end of their own may have to be made again. */
  lookAfresh(): void {
    this.tools.timed.lookAfresh();
  }

  async #ban(jail: string, networks: readonly IpNetwork[], options: BatchOptions): Promise<BatchTime> {
    const { guards, marks, store, hints, client } = this.tools;
    const guard = await guards.now();
    const reach = networks.every(isAddress) ? undefined : await this.tools.reach.of(jail, { signal: this.signal });
    const verdicts = new Map<IpNetwork, Verdict>();
    for (const network of networks) {
      const refusal = guard.judge(network, false) ?? refusalOf(reach, network);
      if (refusal !== undefined) verdicts.set(network, { letter: 'r', ...refusal });
    }
    const allowed = widestFirst(networks.filter((network) => !verdicts.has(network)));
    if (reach?.isDisjoint === true) await this.#makeRoom(jail, allowed);
    const end = store.transaction(() => {
      options.onBegin?.();
      return marks.beginMany(jail, allowed, 'manual', options.isResumed);
    });
    const { bans } = client.jail(jail);
    let time: BatchTime = { size: 0, elapsedMs: 0 };
    let isOver = false;
    const begunMs = Date.now();
    const begunSeconds = Math.floor(begunMs / 1_000);
    let pledge: Pledge | undefined;
    try {
      if (allowed.length > 0) {
        // After what is in flight is written down: what is pledged and never told of would be made by its keeper.
        pledge = this.#pledge(jail, allowed);
        const { changed, elapsedMs } = await bans.banAtOnce(allowed, { signal: this.signal });
        await this.#keep(pledge, jail, allowed, begunMs);
        time = { size: allowed.length, elapsedMs };
        const unchanged = options.isResumed
          ? new Set()
          : before(allowed, changed, () => hints.among(jail, allowed, begunSeconds));
        for (const one of allowed) verdicts.set(one, unchanged.has(one) ? UNCHANGED : DONE);
        this.#snapshot.add(jail, allowed);
      }
      isOver = true;
    } catch (error) {
      // fail2ban may have banned them: their end counts.
      if (toCommandError(error).code === 'agent/outcome-unknown') for (const one of allowed) pledge?.keep(jail, one);
      throw error;
    } finally {
      pledge?.close();
      store.transaction(() => {
        // Not over: fail2ban may have banned them all the same, and they are asked for again.
        end((address) => !isOver || verdicts.get(address)?.letter !== 'u');
        if (isOver) options.onEnd?.(networks.map((one) => verdicts.get(one) ?? DONE));
      });
    }
    return time;
  }

  #pledge(jail: string, networks: readonly IpNetwork[]): Pledge | undefined {
    const { durationSeconds } = this.job;
    return durationSeconds === undefined ? undefined : this.tools.timed.pledge([jail], networks, durationSeconds);
  }

  async #keep(
    pledge: Pledge | undefined,
    jail: string,
    networks: readonly IpNetwork[],
    sinceMs: number,
  ): Promise<void> {
    if (pledge === undefined) return;
    for (const network of networks) pledge.keep(jail, network);
    // Should that fail, the keeper asks by itself.
    await this.tools.timed.madeNow(jail, networks, sinceMs).catch(() => undefined);
  }

  /** The firewall takes no network while something inside it is there already: the network's ban takes their place. */
  async #makeRoom(jail: string, networks: readonly IpNetwork[]): Promise<void> {
    if (networks.every(isAddress)) return;
    const inside = await this.#snapshot.inside(jail, networks, this.signal);
    if (inside.length === 0) return;
    this.tools.timed.release([jail], inside);
    await this.tools.client.jail(jail).bans.unban(inside, { signal: this.signal, priority: 'bulk' });
    this.#snapshot.remove(jail, inside);
  }

  async #unban(jail: string, networks: readonly IpNetwork[], options: BatchOptions): Promise<BatchTime> {
    const { store, hints, client, timed } = this.tools;
    const { bans } = client.jail(jail);
    const verdicts = new Map<IpNetwork, Verdict>();
    store.transaction(() => options.onBegin?.());
    // fail2ban would take a network that is not banned itself for all it covers: looked up first.
    const wide = networks.filter((one) => !isAddress(one));
    const banned = await this.#snapshot.among(jail, wide, this.signal);
    const lifted = networks.filter((one) => isAddress(one) || banned.has(one));
    const known = hints.among(jail, lifted);
    // First forgotten, then lifted: the other way round the keeper might ban it again in between.
    const takeBack = timed.release([jail], lifted);
    let time: BatchTime = { size: 0, elapsedMs: 0 };
    try {
      for (const group of [lifted.filter((one) => known.has(one)), lifted.filter((one) => !known.has(one))]) {
        if (group.length === 0) continue;
        const { changed, elapsedMs } = await bans.unbanAtOnce(group, { signal: this.signal });
        for (const one of group) verdicts.set(one, changed === 0 && !options.isResumed ? UNCHANGED : DONE);
        this.#snapshot.remove(jail, group);
        time = slower(time, { size: group.length, elapsedMs });
      }
    } catch (error) {
      takeBack();
      throw error;
    }
    const fallback = options.isResumed ? DONE : UNCHANGED;
    store.transaction(() => options.onEnd?.(networks.map((one) => verdicts.get(one) ?? fallback)));
    return time;
  }
}

function refusalOf(reach: JailReach | undefined, network: IpNetwork): Omit<Verdict, 'letter'> | undefined {
  const detail = reach === undefined ? undefined : whyNotTaken(reach, network);
  return detail === undefined ? undefined : { code: 'ban/network-not-taken', detail };
}

/** Networks before what they may cover: an address that is in the firewall already would keep its network out. */
function widestFirst(networks: readonly IpNetwork[]): IpNetwork[] {
  const wide = networks.filter((network) => !isAddress(network));
  if (wide.length === 0) return [...networks];
  return [...wide.sort((a, b) => prefixLength(a) - prefixLength(b)), ...networks.filter(isAddress)];
}

/**
 * Those that were banned before. Of a batch that fail2ban counts in part, its file tells which; where that does not add up
 * (two bans within one second), none.
 */
function before(all: readonly string[], changed: number, ask: () => ReadonlySet<string>): ReadonlySet<string> {
  if (changed >= all.length) return new Set();
  if (changed === 0) return new Set(all);
  const known = ask();
  return known.size === all.length - changed ? known : new Set();
}

/** The dearer of two commands, by the address. */
function slower(one: BatchTime, other: BatchTime): BatchTime {
  return one.size === 0 || other.elapsedMs / other.size > one.elapsedMs / one.size ? other : one;
}
