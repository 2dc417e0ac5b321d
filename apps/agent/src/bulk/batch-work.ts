import { CommandError } from '@bailiff/agent-channel';
import type { BulkDirection } from '@bailiff/contracts/http';
import type { Fail2banClient } from '@bailiff/fail2ban-protocol';
import { isAddress, parseNetwork, type IpNetwork } from '@bailiff/ip';
import type { GuardSource } from '../commands/guard-source.js';
import { toCommandError } from '../commands/command-failure.js';
import type { PolicyFile } from '../policy/policy-file.js';
import type { OriginMarks } from '../state/origin-marks.js';
import type { BannedHints } from './banned-hints.js';
import type { ResultLetter } from './bulk-job.js';
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
}

/** Bans or unbans some addresses in one jail: guard, marks of who asked, fail2ban, and what it made of each. */
export class BatchWork {
  constructor(
    private readonly tools: BatchTools,
    private readonly direction: BulkDirection,
    private readonly signal: AbortSignal,
  ) {}

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
    return this.direction === 'ban' ? this.#ban(jail, networks, options) : this.#unban(jail, networks, options);
  }

  async #ban(jail: string, networks: readonly IpNetwork[], options: BatchOptions): Promise<BatchTime> {
    const { guards, marks, store, hints, client } = this.tools;
    const guard = await guards.now();
    const verdicts = new Map<IpNetwork, Verdict>();
    for (const network of networks) {
      const refusal = guard.judge(network, false);
      if (refusal !== undefined) verdicts.set(network, { letter: 'r', ...refusal });
    }
    const allowed = networks.filter((network) => !verdicts.has(network));
    const end = store.transaction(() => {
      options.onBegin?.();
      return marks.beginMany(jail, allowed, 'manual', options.isResumed);
    });
    const { bans } = client.jail(jail);
    let time: BatchTime = { size: 0, elapsedMs: 0 };
    let isOver = false;
    const begunSeconds = Math.floor(Date.now() / 1_000);
    try {
      if (allowed.length > 0) {
        const { changed, elapsedMs } = await bans.banAtOnce(allowed, { signal: this.signal });
        time = { size: allowed.length, elapsedMs };
        const unchanged = options.isResumed
          ? new Set()
          : before(allowed, changed, () => hints.among(jail, allowed, begunSeconds));
        for (const one of allowed) verdicts.set(one, unchanged.has(one) ? UNCHANGED : DONE);
      }
      isOver = true;
    } finally {
      store.transaction(() => {
        // Not over: fail2ban may have banned them all the same, and they are asked for again.
        end((address) => !isOver || verdicts.get(address)?.letter !== 'u');
        if (isOver) options.onEnd?.(networks.map((one) => verdicts.get(one) ?? DONE));
      });
    }
    return time;
  }

  async #unban(jail: string, networks: readonly IpNetwork[], options: BatchOptions): Promise<BatchTime> {
    const { store, hints, client } = this.tools;
    const { bans } = client.jail(jail);
    const verdicts = new Map<IpNetwork, Verdict>();
    store.transaction(() => options.onBegin?.());
    // fail2ban would take a network that is not banned itself for all it covers: asked first.
    const wide = networks.filter((one) => !isAddress(one));
    const isBanned = await bans.areBanned(wide, { signal: this.signal, priority: 'bulk' });
    const lifted = networks.filter((one) => isAddress(one) || isBanned[wide.indexOf(one)] === true);
    const known = hints.among(jail, lifted);
    let time: BatchTime = { size: 0, elapsedMs: 0 };
    for (const group of [lifted.filter((one) => known.has(one)), lifted.filter((one) => !known.has(one))]) {
      if (group.length === 0) continue;
      const { changed, elapsedMs } = await bans.unbanAtOnce(group, { signal: this.signal });
      for (const one of group) verdicts.set(one, changed === 0 && !options.isResumed ? UNCHANGED : DONE);
      time = slower(time, { size: group.length, elapsedMs });
    }
    const fallback = options.isResumed ? DONE : UNCHANGED;
    store.transaction(() => options.onEnd?.(networks.map((one) => verdicts.get(one) ?? fallback)));
    return time;
  }
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
