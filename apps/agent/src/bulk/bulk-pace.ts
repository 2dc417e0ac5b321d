/** Longest one command may keep fail2ban's socket thread, milliseconds. */
const LIMIT_MS = 10;
/** What is aimed at leaves room for a slow moment. */
const TARGET_MS = 7;
const MAX_SIZE = 500;
/** Other clients' turn between two commands, milliseconds. */
const GAP_MS = 1;
const LONGEST_GAP_MS = 250;
/** Commands whose cost is looked at: one slow moment of the machine is no slow action. */
const REMEMBERED = 3;

/** Cuts a list by time, not by count: an address costs fail2ban 0.05 ms without any action, and many milliseconds with one. */
export class BulkPace {
  #size = 8;
  #gapMs = GAP_MS;
  /** Milliseconds an address, latest last. */
  #costs: number[] = [];

  /** Addresses in the next command. */
  get size(): number {
    return this.#size;
  }

  /** How long to leave fail2ban to others before it. */
  get gapMs(): number {
    return this.#gapMs;
  }

  /** A command over `size` addresses kept fail2ban for `elapsedMs`. At most doubles; gives way at once when far too slow. */
  measure(size: number, elapsedMs: number): void {
    this.#costs = [...this.#costs, Math.max(elapsedMs, 0.01) / size].slice(-REMEMBERED);
    const sorted = this.#costs.toSorted((a, b) => a - b);
    const typicalMs = sorted[Math.floor((sorted.length - 1) / 2)] ?? elapsedMs;
    const fitting = Math.min(MAX_SIZE, Math.max(size, this.#size) * 2, Math.floor(TARGET_MS / typicalMs));
    const bound = elapsedMs > 3 * LIMIT_MS ? Math.floor(size / 4) : MAX_SIZE;
    this.#size = Math.max(1, Math.min(fitting, bound));
    // Who takes too long even for one address leaves as much time as it took.
    const isTooSlow = size === 1 && elapsedMs > LIMIT_MS;
    this.#gapMs = isTooSlow ? Math.min(LONGEST_GAP_MS, elapsedMs) : GAP_MS;
  }

  /** One address at a time, to find the one that fail2ban refuses. */
  shrink(): void {
    this.#size = 1;
  }
}
