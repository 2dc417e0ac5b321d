import { CommandError } from '@bailiff/agent-channel';
import type {
  BanCommandArgs,
  BanCommandOutcome,
  BanCommandResult,
  UnbanCommandArgs,
  UnbanEverythingCommandArgs,
  UnbanEverythingResult,
} from '@bailiff/contracts/agent';
import type { Fail2banClient } from '@bailiff/fail2ban-protocol';
import { isAddress, parseNetwork, tryParseNetwork, type IpNetwork } from '@bailiff/ip';
import type { PolicyFile } from '../policy/policy-file.js';
import type { OriginMarks } from '../state/origin-marks.js';
import { BanGuard } from './ban-guard.js';
import { isAboutFail2ban, toCommandError } from './command-failure.js';
import type { OwnAddresses } from './own-addresses.js';

/** Bans and unbans, each address for itself, so that every one has an outcome. */
export class BanCommands {
  constructor(
    private readonly client: Fail2banClient,
    private readonly policy: PolicyFile,
    private readonly own: OwnAddresses,
    private readonly marks: OriginMarks,
  ) {}

  /** `bans.ban`. */
  async ban({ jails, addresses, force }: BanCommandArgs, signal: AbortSignal): Promise<BanCommandResult> {
    const guard = new BanGuard(await this.own.list(), this.policy.current().protectedNetworks);
    const networks = [...new Set(addresses.map((text) => parseNetwork(text)))];
    const run = new Attempts(signal);
    for (const jail of jails) {
      for (const network of networks) {
        const verdict = guard.judge(network, force === true);
        if (verdict !== undefined) run.refuse(jail, network, verdict);
        else await run.attempt(jail, network, 'banned', () => this.#banOne(jail, network, signal));
      }
    }
    return { outcomes: run.outcomes };
  }

  /** `bans.unban`. */
  async unban({ jails, addresses }: UnbanCommandArgs, signal: AbortSignal): Promise<BanCommandResult> {
    const run = new Attempts(signal);
    for (const text of new Set(addresses)) {
      for (const jail of jails ?? [null])
        await run.attempt(jail, tryParseNetwork(text) ?? text, 'unbanned', () => this.#unbanOne(jail, text, signal));
    }
    return { outcomes: run.outcomes };
  }

  /** `bans.unban-everything`. */
  async unbanEverything({ jails }: UnbanEverythingCommandArgs, signal: AbortSignal): Promise<UnbanEverythingResult> {
    if (jails === undefined) return { unbanned: await this.client.server.unbanAll({ signal }) };
    let unbanned = 0;
    for (const name of jails) {
      const { bans } = this.client.jail(name);
      const ids = await bans.list({ signal });
      unbanned += (await bans.unban(ids, { signal })).changed;
    }
    return { unbanned };
  }

  async #banOne(jail: string, network: IpNetwork, signal: AbortSignal): Promise<boolean> {
    const { bans } = this.client.jail(jail);
    // Noted before fail2ban acts: the ban may be in its log before its answer is here.
    const end = this.marks.begin(jail, network, 'manual');
    try {
      const { changed } = await bans.ban([network], { signal });
      end(changed > 0);
      return changed > 0;
    } catch (error) {
      end(toCommandError(error).code === 'agent/outcome-unknown');
      throw error;
    }
  }

  /** By exact text only: fail2ban would take a network or name that is not banned itself for all it covers. */
  async #unbanOne(jail: string | null, text: string, signal: AbortSignal): Promise<boolean> {
    const canonical = tryParseNetwork(text);
    const spellings = canonical === undefined || canonical === text ? [text] : [canonical, text];
    let changed = 0;
    for (const id of spellings) {
      const isPlain = canonical === id && isAddress(canonical);
      if (jail !== null) {
        const { bans } = this.client.jail(jail);
        if (isPlain || (await bans.areBanned([id], { signal }))[0] === true)
          changed += (await bans.unban([id], { signal })).changed;
      } else if (isPlain) {
        changed += (await this.client.server.unban([id], { signal })).changed;
      } else {
        const [banning = []] = await this.client.server.jailsBanning([id], { signal });
        for (const name of banning) changed += (await this.client.jail(name).bans.unban([id], { signal })).changed;
      }
    }
    return changed > 0;
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
  ): Promise<void> {
    if (this.signal.aborted) this.#failure ??= new CommandError('agent/failed', 'Cancelled before this address');
    if (this.#failure === undefined) {
      try {
        this.outcomes.push({ jail, address, result: (await work()) ? done : 'unchanged' });
        return;
      } catch (error) {
        const failure = toCommandError(error);
        if (failure.kind === 'bug') throw error;
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
