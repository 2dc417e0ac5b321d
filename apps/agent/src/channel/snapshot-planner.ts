/** Gathers reasons to take a snapshot, which is dear for fail2ban, into few: some quiet first, but not waited for for ever. */
export class SnapshotPlanner {
  #timer: NodeJS.Timeout | undefined;
  #firstMs: number | undefined;
  #taking: Promise<void> | undefined;
  #isWanted = false;
  #isStopped = false;
  #hourly: NodeJS.Timeout | undefined;

  constructor(
    private readonly take: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
    private readonly timings = { quietMs: 1_500, patienceMs: 15_000, everyMs: 3_600_000 },
  ) {}

  start(): void {
    this.#hourly = setInterval(() => this.want(0), this.timings.everyMs);
  }

  /** A snapshot is due once nothing asked for one for `quietMs`. */
  want(quietMs = this.timings.quietMs): void {
    if (this.#isStopped) return;
    const now = performance.now();
    this.#firstMs ??= now;
    clearTimeout(this.#timer);
    const inMs = Math.max(0, Math.min(quietMs, this.#firstMs + this.timings.patienceMs - now));
    this.#timer = setTimeout(() => void this.now(), inMs);
  }

  /** Takes one now; while one is being taken, another follows it. Resolves when none is wanted any more. */
  async now(): Promise<void> {
    clearTimeout(this.#timer);
    this.#firstMs = undefined;
    this.#isWanted = true;
    this.#taking ??= this.#takeAll().finally(() => (this.#taking = undefined));
    await this.#taking;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    clearInterval(this.#hourly);
  }

  async #takeAll(): Promise<void> {
    try {
      while (this.#isWanted && !this.#isStopped) {
        this.#isWanted = false;
        await this.take();
      }
    } catch (error) {
      this.onError(error);
    }
  }
}
