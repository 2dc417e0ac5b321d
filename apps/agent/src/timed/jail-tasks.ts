import type { TimedBan, TimedBanStore } from './timed-ban-store.js';

/** Some timed bans of one jail that are to be looked at now. */
export interface JailTask {
  readonly bans: readonly TimedBan[];
  /** Whether fail2ban or the jail may have started since they were last seen. */
  readonly isAfterStart: boolean;
  /** Whether it is to be looked up which of them are banned. */
  readonly isLookUp: boolean;
  /** The first so many of them were looked at. */
  done(handled: number): void;
}

/** Most bans that are looked up at once. */
const LOOK_UP = 200;

interface Pass {
  /** What comes behind this address is still to be looked at. */
  readonly after: string;
  readonly isAfterStart: boolean;
}

/** What is to be looked at in which jail, a few bans at a time: what may have vanished, all after a start, what is to be renewed. */
export class JailTasks {
  /** Bans that fail2ban lifted, by its own word, by jail. */
  readonly #suspects = new Map<string, Set<string>>();
  readonly #passes = new Map<string, Pass>();
  /** Jails in which all that ends by then is being renewed. */
  readonly #waves = new Map<string, number>();

  /** @param marginMs how long before their end bans of a jail are renewed */
  constructor(
    private readonly store: TimedBanStore,
    private readonly marginMs: (jail: string) => number,
  ) {}

  get hasSuspects(): boolean {
    return this.#suspects.size > 0 || this.#passes.size > 0;
  }

  /** All bans of all jails are to be looked at: fail2ban or a jail started. */
  lookAfresh(): void {
    for (const jail of this.store.jails()) this.#passes.set(jail, { after: '', isAfterStart: true });
    this.#suspects.clear();
  }

  /** All bans of a jail are to be looked at. */
  lookThrough(jail: string): void {
    const isAfterStart = this.#passes.get(jail)?.isAfterStart ?? false;
    this.#passes.set(jail, { after: '', isAfterStart });
  }

  /** These may not be banned any more. */
  suspect(jail: string, addresses: readonly string[]): void {
    for (const address of addresses) {
      if (this.store.get(jail, address) === undefined) continue;
      const known = this.#suspects.get(jail);
      if (known === undefined) this.#suspects.set(jail, new Set([address]));
      else known.add(address);
    }
  }

  /** Whether something in a jail is about to begin, so that its `bantime` should be known anew. */
  isBegun(jail: string, nowMs: number): boolean {
    if (this.#waves.has(jail)) return false;
    const pass = this.#passes.get(jail);
    if (pass !== undefined) return pass.after === '';
    return this.#suspects.has(jail) || this.nextAt(jail) <= nowMs;
  }

  /** What comes next in a jail; undefined when nothing is due. @param size what is to be told to fail2ban, at most */
  next(jail: string, nowMs: number, size: number, bantimeSeconds: number): JailTask | undefined {
    return (
      this.#nextSuspects(jail, size) ?? this.#nextOfPass(jail) ?? this.#nextOfWave(jail, nowMs, size, bantimeSeconds)
    );
  }

  /** When the next renewal of a jail is due, milliseconds since the epoch. */
  nextAt(jail: string): number {
    return (this.store.nextRenewal(jail) ?? Infinity) - this.marginMs(jail);
  }

  #nextSuspects(jail: string, size: number): JailTask | undefined {
    const all = this.#suspects.get(jail);
    if (all === undefined) return undefined;
    const some = [...all].slice(0, size);
    return {
      bans: some.flatMap((address) => this.store.get(jail, address) ?? []),
      isAfterStart: false,
      isLookUp: false,
      done: () => {
        for (const address of some) all.delete(address);
        if (all.size === 0) this.#suspects.delete(jail);
      },
    };
  }

  #nextOfPass(jail: string): JailTask | undefined {
    const pass = this.#passes.get(jail);
    if (pass === undefined) return undefined;
    const bans = this.store.after(jail, pass.after, LOOK_UP);
    if (bans.length === 0) {
      this.#passes.delete(jail);
      return undefined;
    }
    const done = (handled: number) => {
      const after = bans[handled - 1]?.address;
      // Begun anew meanwhile, it goes on from the beginning.
      if (after !== undefined && this.#passes.get(jail) === pass) this.#passes.set(jail, { ...pass, after });
    };
    return { bans, isAfterStart: pass.isAfterStart, isLookUp: true, done };
  }

  /** Bans that were made together are renewed together, not one by one as their times come. */
  #nextOfWave(jail: string, nowMs: number, size: number, bantimeSeconds: number): JailTask | undefined {
    if (!this.#waves.has(jail)) {
      if (this.nextAt(jail) > nowMs) return undefined;
      // What is renewed now must not fall into the same wave again.
      const againMs = bantimeSeconds > 0 ? bantimeSeconds * 1_000 - 1 : Infinity;
      this.#waves.set(jail, nowMs + Math.min(2 * this.marginMs(jail), againMs));
    }
    const bans = this.store.toRenew(jail, this.#waves.get(jail) ?? 0, size);
    if (bans.length > 0) return { bans, isAfterStart: false, isLookUp: false, done: () => undefined };
    this.#waves.delete(jail);
    return undefined;
  }
}
