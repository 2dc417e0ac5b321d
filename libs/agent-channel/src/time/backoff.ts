/** Growing pauses between attempts, with jitter so that a fleet does not come back in step. */
export class Backoff {
  private attempts = 0;

  constructor(
    private readonly firstMs: number,
    private readonly maxMs: number,
  ) {}

  /** The next pause, milliseconds. */
  next(): number {
    const ceiling = Math.min(this.maxMs, this.firstMs * 2 ** Math.min(this.attempts, 20));
    this.attempts += 1;
    return ceiling / 2 + (Math.random() * ceiling) / 2;
  }

  reset(): void {
    this.attempts = 0;
  }
}
