/** Requests a client address may make within the window, and all addresses together. */
export const RATE = { windowMs: 60_000, perAddress: 10, overall: 120 } as const;

/** Counts enrolment requests in fixed windows; memory is bounded by the overall limit. */
export class EnrolmentRate {
  private windowStartMs = -Infinity;
  private counts = new Map<string, number>();
  private total = 0;

  /** Seconds to wait when the request is over a limit, undefined when it may pass. */
  take(address: string, nowMs: number): number | undefined {
    if (nowMs - this.windowStartMs >= RATE.windowMs) {
      this.windowStartMs = nowMs;
      this.counts = new Map();
      this.total = 0;
    }
    const count = this.counts.get(address) ?? 0;
    if (count >= RATE.perAddress || this.total >= RATE.overall)
      return Math.ceil((this.windowStartMs + RATE.windowMs - nowMs) / 1_000);
    this.counts.set(address, count + 1);
    this.total += 1;
    return undefined;
  }
}
