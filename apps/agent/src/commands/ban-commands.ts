import { CommandError } from '@bailiff/agent-channel';
import type {
  BanCommandArgs,
  BanCommandOutcome,
  BanCommandResult,
  UnbanCommandArgs,
  UnbanEverythingCommandArgs,
  UnbanEverythingResult,
} from '@bailiff/contracts/agent';
import { type Fail2banClient, InvalidJailNameError, isJailName } from '@bailiff/fail2ban-protocol';
import { contains, isAddress, parseNetwork, tryParseNetwork, type IpNetwork } from '@bailiff/ip';
import type { ActionRates } from '../jails/action-rates.js';
import type { OriginMarks } from '../state/origin-marks.js';
import { isAboutFail2ban, toCommandError } from './command-failure.js';
import { whyNotTaken, type NetworkReach } from '../timed/network-reach.js';
import type { Pledge } from '../timed/pledge.js';
import type { TimedBans } from '../timed/timed-bans.js';
import type { GuardSource } from './guard-source.js';

/** Bans and unbans, each address for itself, so that every one has an outcome. */
export class BanCommands {
  constructor(
    private readonly client: Fail2banClient,
    private readonly guards: GuardSource,
    private readonly marks: OriginMarks,
    private readonly timed: TimedBans,
    private readonly reach: NetworkReach,
    private readonly rates?: ActionRates,
  ) {}

  /** `bans.ban`. */
  async ban(args: BanCommandArgs, signal: AbortSignal): Promise<BanCommandResult> {
    const { jails, addresses, durationSeconds } = args;
    const forced = new Set((args.forced ?? []).map((text) => parseNetwork(text)));
    const guard = await this.guards.now();
    const networks = [...new Set(addresses.map((text) => parseNetwork(text)))];
    const allowed = networks.filter((network) => guard.judge(network, forced.has(network)) === undefined);
    return this.timed.exclusively(async () => {
      const pledge = durationSeconds === undefined ? undefined : this.timed.pledge(jails, allowed, durationSeconds);
      const run = new Attempts(signal);
      try {
        for (const jail of jails) {
          for (const network of networks) {
            const isForced = forced.has(network);
            const verdict = guard.judge(network, isForced);
            if (verdict !== undefined) run.refuse(jail, network, verdict);
            else
              await run.attempt(jail, network, 'banned', () => this.#banOne(jail, network, isForced, signal), pledge);
          }
        }
      } finally {
        pledge?.close();
      }
      return { outcomes: run.outcomes };
    });
  }

  /** `bans.unban`. */
  async unban({ jails, addresses }: UnbanCommandArgs, signal: AbortSignal): Promise<BanCommandResult> {
    return this.timed.exclusively(async () => {
      const run = new Attempts(signal);
      for (const text of new Set(addresses)) {
        for (const jail of jails ?? [null])
          await run.attempt(jail, tryParseNetwork(text) ?? text, 'unbanned', () => this.#unbanOne(jail, text, signal));
      }
      return { outcomes: run.outcomes };
    });
  }

  /** `bans.unban-everything`. */
  async unbanEverything({ jails }: UnbanEverythingCommandArgs, signal: AbortSignal): Promise<UnbanEverythingResult> {
    return this.timed.exclusively(async () => {
      const takeBack = this.timed.release(jails, undefined);
      try {
        return await this.#unbanAll(jails, signal);
      } catch (error) {
        takeBack();
        throw error;
      }
    });
  }

  async #unbanAll(jails: readonly string[] | undefined, signal: AbortSignal): Promise<UnbanEverythingResult> {
    if (jails === undefined) return { unbanned: await this.client.server.unbanAll({ signal }) };
    let unbanned = 0;
    for (const name of jails) {
      const { bans } = this.client.jail(name);
      const ids = await bans.list({ signal });
      if (ids.length === 0) continue;
      unbanned += (await bans.unban(ids, { signal })).changed;
    }
    return { unbanned };
  }

  async #banOne(jail: string, network: IpNetwork, isForced: boolean, signal: AbortSignal): Promise<boolean> {
    const { bans } = this.client.jail(jail);
    if (!isAddress(network)) await this.#makeRoom(jail, network, isForced, signal);
    // Noted before fail2ban acts: the ban may be in its log before its answer is here.
    const end = this.marks.begin(jail, network, 'manual');
    try {
      const startedMs = performance.now();
      const { changed } = await bans.ban([network], { signal });
      this.rates?.note(jail, 'ban', changed, performance.now() - startedMs);
      end(changed > 0);
      return changed > 0;
    } catch (error) {
      end(toCommandError(error).code === 'agent/outcome-unknown');
      throw error;
    }
  }

  /**
   * fail2ban would say that a network is banned which its action cannot put into the firewall: because it takes single
   * addresses only, or because one inside is there already. Such bans are lifted first; the network's takes their place.
   */
  async #makeRoom(jail: string, network: IpNetwork, isForced: boolean, signal: AbortSignal): Promise<void> {
    const reach = await this.reach.of(jail, { signal });
    const detail = isForced ? undefined : whyNotTaken(reach, network);
    if (detail !== undefined) throw new CommandError('ban/network-not-taken', detail);
    if (reach.isDisjoint) await this.#liftInside(jail, network, signal);
  }

  async #liftInside(jail: string, network: IpNetwork, signal: AbortSignal): Promise<void> {
    const { bans } = this.client.jail(jail);
    const inside = (await bans.listUnsorted({ signal })).filter((id) => {
      const banned = tryParseNetwork(id);
      return banned !== undefined && banned !== network && contains(network, banned);
    });
    if (inside.length === 0) return;
    this.timed.release([jail], inside);
    await bans.unban(inside, { signal });
  }

  /** By exact text only: fail2ban would take a network or name that is not banned itself for all it covers. */
  async #unbanOne(jail: string | null, text: string, signal: AbortSignal): Promise<boolean> {
    const canonical = tryParseNetwork(text);
    const spellings = canonical === undefined || canonical === text ? [text] : [canonical, text];
    let changed = 0;
    // First forgotten, then lifted: the other way round the keeper might ban it again in between.
    const takeBack = this.timed.release(jail === null ? undefined : [jail], spellings);
    try {
      for (const id of spellings)
        changed += await this.#lift(jail, id, canonical === id && isAddress(canonical), signal);
    } catch (error) {
      takeBack();
      throw error;
    }
    return changed > 0;
  }

  async #lift(jail: string | null, id: string, isPlain: boolean, signal: AbortSignal): Promise<number> {
    if (jail !== null) {
      const { bans } = this.client.jail(jail);
      if (!isPlain && (await bans.areBanned([id], { signal }))[0] !== true) return 0;
      return (await bans.unban([id], { signal })).changed;
    }
    if (isPlain) return (await this.client.server.unban([id], { signal })).changed;
    let changed = 0;
    const [banning = []] = await this.client.server.jailsBanning([id], { signal });
    // All or nothing: a jail that no act may name would keep its ban, which must not be taken for lifted.
    const kept = banning.find((name) => !isJailName(name));
    if (kept !== undefined) throw new InvalidJailNameError(kept);
    for (const name of banning) changed += (await this.client.jail(name).bans.unban([id], { signal })).changed;
    return changed;
  }
}

/** Collects outcomes; once fail2ban itself fails, the rest fails in the same way without being tried. */
class Attempts {
  readonly outcomes: BanCommandOutcome[] = [];
  #failure: CommandError | undefined;

  constructor(private readonly signal: AbortSignal) {}

  refuse(jail: string, address: string, { code, detail }: { code: string; detail: string }): void {
    this.outcomes.push({ jail, address, result: 'failed', code, detail });
  }

  async attempt(
    jail: string | null,
    address: string,
    done: 'banned' | 'unbanned',
    work: () => Promise<boolean>,
    pledge?: Pledge,
  ): Promise<void> {
    if (this.signal.aborted) this.#failure ??= new CommandError('agent/failed', 'Cancelled before this address');
    if (this.#failure === undefined) {
      try {
        this.outcomes.push({ jail, address, result: (await work()) ? done : 'unchanged' });
        if (jail !== null) pledge?.keep(jail, address);
        return;
      } catch (error) {
        const failure = toCommandError(error);
        if (failure.kind === 'bug') throw error;
        if (jail !== null && failure.code === 'agent/outcome-unknown') pledge?.keep(jail, address);
        if (isAboutFail2ban(failure)) this.#failure = failure;
        this.outcomes.push({ jail, address, result: 'failed', code: failure.code, detail: failure.detail });
        return;
      }
    }
    const { code, detail } = this.#failure;
    // What was not tried has a known outcome, whatever became of the one before.
    const own = code === 'agent/outcome-unknown' ? 'fail2ban/busy' : code;
    this.outcomes.push({ jail, address, result: 'failed', code: own, detail });
  }
}
