/** How far back the rate looks, milliseconds. */
const WINDOW_MS = 5_000;

/** Results a second over the last few seconds. */
export class BulkRate {
  private samples: { readonly atMs: number; readonly done: number }[] = [];

  /** @param done results so far @param nowMs monotonic */
  note(done: number, nowMs: number): void {
    this.samples.push({ atMs: nowMs, done });
    while (this.samples.length > 2 && (this.samples[1]?.atMs ?? nowMs) < nowMs - WINDOW_MS) this.samples.shift();
  }

  /** null until two moments are known, and when the last is long ago. @param nowMs monotonic */
  perSecond(nowMs: number): number | null {
    const [first] = this.samples;
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || last.atMs - first.atMs < 200) return null;
    if (nowMs - last.atMs > WINDOW_MS) return null;
    return ((last.done - first.done) * 1_000) / (last.atMs - first.atMs);
  }
}
