/** Longest one command may keep fail2ban's socket thread, milliseconds; what is aimed at leaves room for a slow moment. */
const LIMIT_MS = 10;
const TARGET_MS = 7;
const MAX_SIZE = 500;
/** Other clients' turn between two commands, milliseconds. */
const GAP_MS = 2;
const LONGEST_GAP_MS = 250;

/** Cuts a list by time, not by count: an address costs fail2ban 0.05 ms without any action, and many milliseconds with one. */
export class BulkPace {
  #size = 8;
  #gapMs = GAP_MS;

  /** Addresses in the next command. */
  get size(): number {
    return this.#size;
  }

  /** How long to leave fail2ban to others before it. */
  get gapMs(): number {
    return this.#gapMs;
  }

  /** A command over `size` addresses kept fail2ban for `elapsedMs`. Grows by half at most, shrinks at once. */
  measure(size: number, elapsedMs: number): void {
    const fitting = Math.floor((size * TARGET_MS) / Math.max(elapsedMs, 0.01));
    this.#size = Math.max(1, Math.min(MAX_SIZE, Math.ceil(Math.max(size, this.#size) * 1.5), fitting));
    // Who takes too long even for one address leaves as much time as it took.
    this.#gapMs = elapsedMs > LIMIT_MS ? Math.min(LONGEST_GAP_MS, Math.max(GAP_MS, elapsedMs)) : GAP_MS;
  }

  /** One address at a time, to find the one that fail2ban refuses. */
  shrink(): void {
    this.#size = 1;
  }
}
