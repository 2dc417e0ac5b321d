/** A small memory of answers that may be a few seconds old. */
export class Remembered<T> {
  private clears = 0;
  private readonly entries = new Map<string, { readonly value: T; readonly untilMs: number }>();

  /**
   * @param lifetimeMs how old an answer may be
   * @param maxEntries the oldest go first beyond it, so that made-up keys can't fill memory
   */
  constructor(
    private readonly lifetimeMs: number,
    private readonly maxEntries = 1000,
  ) {}

  /** Grows with every {@link clear}: whoever looks something up compares before it remembers an answer that may be old. */
  get generation(): number {
    return this.clears;
  }

  get(key: string, nowMs: number): T | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.untilMs > nowMs) return entry.value;
    this.entries.delete(key);
    return undefined;
  }

  /** @param generation of when the answer was asked for; when it is over, the answer is not kept */
  set(key: string, value: T, nowMs: number, generation: number): void {
    if (generation !== this.clears) return;
    this.entries.delete(key);
    this.entries.set(key, { value, untilMs: nowMs + this.lifetimeMs });
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.maxEntries) break;
      this.entries.delete(oldest);
    }
  }

  clear(): void {
    this.clears += 1;
    this.entries.clear();
  }
}
