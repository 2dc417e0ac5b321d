/** Lets `perSecond` through on average and `burst` at once. */
export class TokenBucket {
  private tokens: number;
  private at: number;

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly monotonicMs: () => number,
  ) {
    this.tokens = burst;
    this.at = monotonicMs();
  }

  /** Takes one token; false when there is none. */
  take(): boolean {
    const now = this.monotonicMs();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.at) / 1000) * this.perSecond);
    this.at = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
