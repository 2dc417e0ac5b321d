import { CommandError } from '@bailiff/agent-channel';
import type { IgnoreChangeAnswer, IgnoreChangeArgs, IgnoreListAnswer } from '@bailiff/contracts/agent';
import type { IgnoreEntry, IgnoreList, IgnoreOutcome, StillBanned } from '@bailiff/contracts/http';
import { type Fail2banClient, isJailName, UnknownJailError } from '@bailiff/fail2ban-protocol';
import { isAddress, NetworkSet, tryParseNetwork } from '@bailiff/ip';
import { isAboutFail2ban, toCommandError } from '../commands/command-failure.js';
import type { HostFail2ban } from '../jails/host-fail2ban.js';
import { checkEntry, coversProtected, sameEntry } from './ignore-entry.js';
import type { JailOverride } from './ignore-file.js';
import { sourcesOf } from './ignore-sources.js';
import { PermanentIgnores } from './permanent-ignores.js';

const MAX_SHOWN = 2_000;
const MAX_STILL_BANNED = 1_000;
/** `file:` and raw entries as fail2ban keeps them may be removed, too; whatever a terminal would act on may not. */
const PRINTABLE = /^[^\s\p{Cc}]+$/u;

/** Whom jails never count: the one way of the agent to read and change ignore lists. */
export class IgnoreLists {
  readonly #permanent: PermanentIgnores;

  /**
   * @param guarded the host's own, the gateway's and the protected addresses
   * @param allowedIn what the allow list keeps in a jail's list
   */
  constructor(
    private readonly client: Fail2banClient,
    host: HostFail2ban,
    private readonly guarded: () => Promise<NetworkSet>,
    private readonly allowedIn: (jail: string) => readonly string[] = () => [],
  ) {
    this.#permanent = new PermanentIgnores(host);
  }

  /** Lists of one jail, or of every one that runs, with where each entry comes from. */
  async list(jail: string | undefined, signal: AbortSignal): Promise<IgnoreListAnswer> {
    const jails = await this.#jails(jail === undefined ? undefined : [jail], signal);
    const configured = await this.#permanent.configured();
    const isKnown = typeof configured !== 'string';
    const guarded = await this.guarded();
    const [ours, foreign] = this.#ours();
    const lists: IgnoreList[] = [];
    for (const name of jails) {
      const found = await this.#listOf(name, signal, (running) => {
        const files = isKnown ? (configured.get(name)?.ignoreip ?? []) : undefined;
        return entriesOf(sourcesOf(running, files, this.allowedIn(name)), ours.get(name), guarded);
      });
      if (found !== undefined) lists.push(found);
    }
    return { lists: lists as IgnoreListAnswer['lists'], problem: isKnown ? foreign : configured.slice(0, 1_900) };
  }

  /**
   * Changes lists now and, if asked, in the configuration.
   * @throws {CommandError} `ignore/protected` without `force`, `request/invalid`, or when fail2ban cannot be reached
   */
  async change(args: IgnoreChangeArgs, signal: AbortSignal): Promise<IgnoreChangeAnswer> {
    const add = [...new Set((args.add ?? []).map(checkEntry))];
    const remove = [...new Set(args.remove ?? [])];
    const odd = remove.find((entry) => !PRINTABLE.test(entry));
    if (odd !== undefined) throw new CommandError('request/invalid', 'An entry holds blanks; nothing was changed');
    if (args.force !== true) await this.#assertUnguarded(remove, args.own ?? []);
    const jails = await this.#jails(args.jails, signal);
    this.#assertNotAllowed(jails, remove);
    const outcomes = [
      ...(await this.addNow(jails, add, signal)),
      ...(await this.removeNow(jails, remove, signal)),
      ...(await this.#setIgnoreself(jails, args.ignoreself, signal)),
    ];
    let [isPermanent, permanentDetail]: [boolean | null, string | null] = [null, null];
    if (args.permanent === true) {
      permanentDetail = (await this.#makePermanent({ jails, add, remove, ignoreself: args.ignoreself })) ?? null;
      isPermanent = permanentDetail === null;
    }
    const stillBanned = await this.#stillBanned(jails, add, signal);
    return { outcomes, isPermanent, permanentDetail, stillBanned };
  }

  /** Adds entries in running jails, until a reload. Those that are there already are `unchanged`. */
  addNow(jails: readonly string[], entries: readonly string[], signal?: AbortSignal): Promise<IgnoreOutcome[]> {
    return this.#each(jails, entries, async (jail, entry) => {
      const { filter } = this.client.jail(jail);
      if (has(await filter.ignoreip({ ...(signal && { signal }) }), entry)) return 'unchanged';
      await filter.addIgnoreip([entry], { ...(signal && { signal }) });
      return 'added';
    });
  }

  /** Removes entries from running jails, until a reload. Those that are not there are `unchanged`. */
  removeNow(jails: readonly string[], entries: readonly string[], signal?: AbortSignal): Promise<IgnoreOutcome[]> {
    return this.#each(jails, entries, async (jail, entry) => {
      const { filter } = this.client.jail(jail);
      if (!has(await filter.ignoreip({ ...(signal && { signal }) }), entry)) return 'unchanged';
      await filter.removeIgnoreip(entry, { ...(signal && { signal }) });
      return 'removed';
    });
  }

  async #setIgnoreself(
    jails: readonly string[],
    value: boolean | undefined,
    signal: AbortSignal,
  ): Promise<IgnoreOutcome[]> {
    if (value === undefined) return [];
    const outcomes = await this.#each(jails, ['ignoreself'], async (jail) => {
      const { filter } = this.client.jail(jail);
      if ((await filter.ignoreself({ signal })) === value) return 'unchanged';
      await filter.setIgnoreself(value, { signal });
      return 'set';
    });
    return outcomes.map((outcome) => ({ ...outcome, entry: null }));
  }

  /** Each entry in each jail for itself; once fail2ban itself fails, it is the answer. */
  async #each(
    jails: readonly string[],
    entries: readonly string[],
    work: (jail: string, entry: string) => Promise<IgnoreOutcome['result']>,
  ): Promise<IgnoreOutcome[]> {
    const outcomes: IgnoreOutcome[] = [];
    for (const jail of jails) {
      for (const entry of entries) {
        try {
          outcomes.push({ jail, entry, result: await work(jail, entry), detail: null });
        } catch (error) {
          const failure = toCommandError(error);
          if (failure.kind === 'bug' || isAboutFail2ban(failure)) throw failure;
          outcomes.push({ jail, entry, result: 'failed', detail: failure.detail });
        }
      }
    }
    return outcomes;
  }

  async #makePermanent(change: Parameters<PermanentIgnores['apply']>[0]): Promise<string | undefined> {
    try {
      return await this.#permanent.apply(change);
    } catch (error) {
      const { detail, kind } = toCommandError(error);
      if (kind === 'bug') throw error;
      return detail;
    }
  }

  async #jails(wanted: readonly string[] | undefined, signal: AbortSignal): Promise<string[]> {
    const { jails } = await this.client.server.status({ signal });
    const running = jails.filter(isJailName);
    if (wanted === undefined) return running;
    const missing = wanted.find((jail) => !jails.includes(jail));
    if (missing !== undefined)
      throw new CommandError('jail/unknown', `No jail named "${missing}" is running; nothing was changed`);
    return [...wanted];
  }

  async #listOf(
    jail: string,
    signal: AbortSignal,
    entries: (running: readonly string[]) => IgnoreEntry[],
  ): Promise<IgnoreList | undefined> {
    const { filter } = this.client.jail(jail);
    try {
      const all = entries(await filter.ignoreip({ signal }));
      const cache = await filter.ignorecache({ signal });
      return {
        jail,
        entries: all.slice(0, MAX_SHOWN),
        total: all.length,
        ignoreself: await filter.ignoreself({ signal }),
        ignorecommand: (await filter.ignorecommand({ signal })).slice(0, 16_000) || null,
        ignorecache: cache && `key="${cache.key}", max-count=${cache.maxCount}, max-time=${cache.maxTimeSeconds}`,
      };
    } catch (error) {
      if (error instanceof UnknownJailError) return undefined;
      throw error;
    }
  }

  #ours(): [ReadonlyMap<string, JailOverride>, string | null] {
    try {
      return [this.#permanent.ours(), null];
    } catch (error) {
      const { detail, kind } = toCommandError(error);
      if (kind === 'bug') throw error;
      return [new Map(), detail];
    }
  }

  async #assertUnguarded(remove: readonly string[], own: readonly string[]): Promise<void> {
    const guarded = await this.guarded();
    const asking = new NetworkSet(own.flatMap((address) => tryParseNetwork(address) ?? []));
    const entry = remove.find((text) => coversProtected(text, asking) || coversProtected(text, guarded));
    if (entry === undefined) return;
    throw new CommandError(
      'ignore/protected',
      `${entry} keeps your own, the host's or a protected address from being banned; nothing was changed`,
    );
  }

  /** It would be put back within a minute. */
  #assertNotAllowed(jails: readonly string[], remove: readonly string[]): void {
    for (const jail of jails) {
      const allowed = new Set(this.allowedIn(jail).map(sameEntry));
      const entry = remove.find((text) => allowed.has(sameEntry(text)));
      if (entry === undefined) continue;
      throw new CommandError('ignore/allowed', `The allow list keeps ${entry} in ${jail}; nothing was changed`);
    }
  }

  /** Ignoring an address does not lift its ban. */
  async #stillBanned(jails: readonly string[], added: readonly string[], signal: AbortSignal): Promise<StillBanned[]> {
    const addresses = added.filter((entry) => {
      const network = tryParseNetwork(entry);
      return network !== undefined && isAddress(network);
    });
    if (addresses.length === 0) return [];
    const banning = await this.client.server.jailsBanning(addresses, { signal });
    return addresses
      .flatMap((address, index) => (banning[index] ?? []).map((jail) => ({ jail, address })))
      .filter(({ jail }) => jails.includes(jail))
      .slice(0, MAX_STILL_BANNED);
  }
}

function has(list: readonly string[], entry: string): boolean {
  const wanted = sameEntry(entry);
  return list.some((stored) => sameEntry(stored) === wanted);
}

function entriesOf(
  sources: ReturnType<typeof sourcesOf>,
  ours: JailOverride | undefined,
  guarded: NetworkSet,
): IgnoreEntry[] {
  const own = new Set((ours?.entries ?? []).map(sameEntry));
  const entries = sources.map(({ entry, source }) => ({
    entry: entry.slice(0, 4_200),
    source,
    isOurs: own.has(sameEntry(entry)),
    isProtected: coversProtected(entry, guarded),
  }));
  return entries.sort((a, b) => (a.entry < b.entry ? -1 : 1));
}
