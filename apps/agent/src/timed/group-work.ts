import { type Fail2banClient, UnknownJailError } from '@bailiff/fail2ban-protocol';
import { isAddress, tryParseNetwork } from '@bailiff/ip';
import type { OriginMarks } from '../state/origin-marks.js';
import type { StateDatabase } from '../state/state-database.js';
import type { MissingBans, Recorded } from './missing-bans.js';
import { PresentBans } from './present-bans.js';
import type { TimedBan, TimedBanStore } from './timed-ban-store.js';

/** What has become of timed bans, for the host's own log. */
export interface TimedNews {
  readonly jail: string;
  readonly what: 'lifted' | 'banned again' | 'given up';
  readonly count: number;
  /** Which ones; empty where that is not known. */
  readonly addresses: readonly string[];
}

/** What {@link GroupWork} works with. */
export interface GroupWorkOptions {
  readonly store: TimedBanStore;
  readonly client: Fail2banClient;
  readonly marks: OriginMarks;
  readonly state: Pick<StateDatabase, 'transaction'>;
  readonly missing: MissingBans;
  readonly present: PresentBans;
  /** Tells of a jail which addresses are on its allow list: what is missing of them is not banned again. */
  allowedIn(jail: string): (address: string) => boolean;
  onNews(news: TimedNews): void;
}

/** How a group is to be kept. */
export interface KeepOptions {
  readonly nowMs: number;
  readonly bantimeSeconds: number;
  /** How long before its end a ban is renewed. */
  readonly marginMs: number;
  /** Whether these are looked at since fail2ban or the jail may have started, and not because their time has come. */
  readonly isAfterStart: boolean;
  /** Whether what is banned is to be looked up even where fail2ban's database knows the ban. */
  readonly isLookUp: boolean;
  /** Most addresses that fail2ban is told of. */
  readonly size: number;
}

/** What one command kept fail2ban for; size 0 when there was nothing to say. */
export interface CommandTime {
  readonly size: number;
  readonly elapsedMs: number;
}

/** What came of keeping a group: the first `handled` of them were dealt with. */
export interface KeptGroup extends CommandTime {
  readonly handled: number;
}

const NOTHING_SAID: CommandTime = { size: 0, elapsedMs: 0 };
/** An end this far back is late: fail2ban may have banned the address anew since. */
const LATE_MS = 10_000;
/** A jail that is gone for so long does not come back with our bans. */
const GIVE_UP_MS = 7 * 86_400_000;

/** Keeps or lifts a few timed bans of one jail, with one command. */
export class GroupWork {
  constructor(private readonly options: GroupWorkOptions) {}

  /** Renews what is banned, bans again what should be, and gives up what somebody unbanned by hand. */
  async keep(jail: string, bans: readonly TimedBan[], how: KeepOptions): Promise<KeptGroup> {
    const { store, missing, present } = this.options;
    const { nowMs, bantimeSeconds, isAfterStart } = how;
    const isAllowed = this.options.allowedIn(jail);
    const isOpen = (ban: TimedBan) =>
      how.isLookUp || isAllowed(ban.address) || (ban.endsMs !== 0 && typeof missing.record(ban) !== 'object');
    // What fail2ban's database has on record nobody unbanned: banip renews it, or makes it again, without a question.
    const banned = bans.some(isOpen) ? await present.of(jail) : undefined;
    const givenUp: TimedBan[] = [];
    const due: TimedBan[] = [];
    const lasting: { readonly address: string; readonly endsMs: number }[] = [];
    let handled = 0;
    for (const ban of bans) {
      if (due.length === how.size) break;
      handled += 1;
      const record = banned === undefined ? 'unknown' : missing.record(ban);
      if (banned?.has(ban.address) === true) {
        const endsMs = leastEndMs(record, bantimeSeconds) ?? 0;
        if (isAfterStart && endsMs > nowMs + 2 * how.marginMs) lasting.push({ address: ban.address, endsMs });
        else due.push(ban);
      } else if (
        banned !== undefined &&
        (isAllowed(ban.address) || (await missing.isByHand(ban, record, nowMs, isAfterStart)))
      )
        givenUp.push(ban);
      else due.push(ban);
    }
    if (givenUp.length > 0) {
      store.removeAll(givenUp);
      this.#tell(jail, 'given up', givenUp);
    }
    store.setEnds(jail, lasting);
    if (due.length === 0) return { ...NOTHING_SAID, handled };
    const time = await this.#ban(jail, due, banned);
    const endsMs = bantimeSeconds < 0 ? null : nowMs + bantimeSeconds * 1_000;
    store.setEnds(
      jail,
      due.map(({ address }) => ({ address, endsMs })),
    );
    present.add(
      jail,
      due.map(({ address }) => address),
    );
    return { ...time, handled };
  }

  /** Lifts what is over. */
  async lift(jail: string, bans: readonly TimedBan[], nowMs: number): Promise<CommandTime> {
    const { store, client, missing, present } = this.options;
    const isForeign = (ban: TimedBan) => nowMs - (ban.untilMs ?? nowMs) > LATE_MS && missing.isBannedAnew(ban);
    const foreign = new Set(bans.filter(isForeign));
    const own = bans.filter((ban) => !foreign.has(ban));
    let time = NOTHING_SAID;
    try {
      const banned = await this.#stillBanned(jail, own);
      if (banned.length > 0) {
        const { elapsedMs } = await client.jail(jail).bans.unbanAtOnce(banned);
        time = { size: banned.length, elapsedMs };
        present.remove(jail, banned);
      }
    } catch (error) {
      // The jail may come back and bring its old bans along; then they are lifted.
      if (error instanceof UnknownJailError)
        store.removeAll(own.filter(({ untilMs }) => nowMs - (untilMs ?? nowMs) > GIVE_UP_MS));
      throw error;
    }
    store.removeAll(bans);
    if (own.length > 0) this.#tell(jail, 'lifted', own);
    return time;
  }

  async #ban(jail: string, bans: readonly TimedBan[], banned: ReadonlySet<string> | undefined): Promise<CommandTime> {
    const { client, marks, state } = this.options;
    const absent = bans.filter(({ address }) => banned?.has(address) !== true);
    const ends = state.transaction(() =>
      [...Map.groupBy(absent, ({ origin }) => origin)].map(([origin, some]) =>
        marks.beginMany(
          jail,
          some.map(({ address }) => address),
          origin,
          false,
        ),
      ),
    );
    let changed = 0;
    try {
      const answer = await client.jail(jail).bans.banAtOnce(bans.map(({ address }) => address));
      changed = answer.changed;
      // 0: its first ban was asked for a moment ago, and nobody knows what became of it.
      const again = absent.filter(({ endsMs }) => endsMs !== 0);
      if (changed > 0 && again.length > 0) {
        const isCertain = changed === absent.length || banned !== undefined;
        this.#tell(jail, 'banned again', isCertain ? again : [], Math.min(changed, again.length));
      }
      return { size: bans.length, elapsedMs: answer.elapsedMs };
    } finally {
      // Where some were in force still, a mark too many says nothing: no ban of theirs is about to be seen.
      state.transaction(() => {
        for (const end of ends) end(() => changed > 0);
      });
    }
  }

  /** Without networks that are not banned any more: fail2ban would lift the ban of every address inside instead. */
  async #stillBanned(jail: string, bans: readonly TimedBan[]): Promise<string[]> {
    const addresses = bans.map(({ address }) => address);
    if (addresses.every(isSingle)) return addresses;
    const banned = await this.options.present.of(jail);
    return addresses.filter((address) => isSingle(address) || banned.has(address));
  }

  #tell(jail: string, what: TimedNews['what'], bans: readonly TimedBan[], count = bans.length): void {
    this.options.onNews({ jail, what, count, addresses: bans.map(({ address }) => address) });
  }
}

/** fail2ban brings a ban back with the time it was made for, at most the jail's own: renewals are forgotten. */
function leastEndMs(recorded: Recorded, bantimeSeconds: number): number | undefined {
  if (typeof recorded !== 'object') return undefined;
  const seconds = [recorded.bantimeSeconds, bantimeSeconds].filter((one) => one >= 0);
  return seconds.length === 0 ? undefined : (recorded.atSeconds + Math.min(...seconds)) * 1_000;
}

function isSingle(text: string): boolean {
  const network = tryParseNetwork(text);
  return network !== undefined && isAddress(network);
}
