/** Bans lifted or put back one after another in a jail, by the times of fail2ban's own log. */
export interface BanBurst {
  readonly jail: string;
  readonly kind: 'lift' | 'restore';
  readonly firstMs: number;
  readonly lastMs: number;
  readonly lines: number;
}

/** A longer pause ends a burst: what comes then has another cause. */
const PAUSE_MS = 2_000;
/** Lines may be read this much later than they were written. */
const LATE_MS = 1_000;

/** Joins lines, and bursts read one after another, to the bursts they are. */
export class BurstJoiner {
  readonly #open = new Map<string, BanBurst>();
  #timer: NodeJS.Timeout | undefined;

  /** @param onEnd called with each burst that is over; absent: {@link take} them */
  constructor(private readonly onEnd?: (burst: BanBurst) => void) {}

  add(burst: BanBurst): void {
    const key = `${burst.kind} ${burst.jail}`;
    const open = this.#open.get(key);
    const isNext = open !== undefined && burst.firstMs >= open.lastMs && burst.firstMs - open.lastMs <= PAUSE_MS;
    if (open !== undefined && !isNext) this.onEnd?.(open);
    const joined = isNext ? { ...open, lastMs: burst.lastMs, lines: open.lines + burst.lines } : burst;
    this.#open.set(key, joined);
    if (this.onEnd === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.take().forEach((over) => this.onEnd?.(over)), PAUSE_MS + LATE_MS);
    this.#timer.unref();
  }

  /** The bursts as far as they are known; they are forgotten. */
  take(): BanBurst[] {
    const all = [...this.#open.values()];
    this.#open.clear();
    return all;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
