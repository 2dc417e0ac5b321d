interface Line {
  reportedAtMs: number;
  suppressed: number;
  detail: string;
}

/** Reports the first of a kind at once and repeats, counted, every so often: a flood of bad entries is not a flood of reports. */
export class RepeatBook {
  private readonly lines = new Map<string, Line>();

  /**
   * @param everyMs least time between two reports of one kind; 0 reports each
   * @param report gets the kind, the latest detail, and how often since the last report
   */
  constructor(
    private readonly everyMs: number,
    private readonly monotonicMs: () => number,
    private readonly report: (kind: string, detail: string, count: number) => void,
  ) {}

  raise(kind: string, detail: string): void {
    if (this.everyMs === 0) {
      this.report(kind, detail, 1);
      return;
    }
    const line = this.lines.get(kind);
    if (line === undefined) {
      this.lines.set(kind, { reportedAtMs: this.monotonicMs(), suppressed: 0, detail });
      this.report(kind, detail, 1);
    } else {
      line.suppressed += 1;
      line.detail = detail;
    }
  }

  /** Reports what was held back long enough; call about once a second. */
  tick(): void {
    const now = this.monotonicMs();
    for (const [kind, line] of this.lines) {
      if (now - line.reportedAtMs < this.everyMs) continue;
      const { detail, suppressed } = line;
      if (suppressed === 0) this.lines.delete(kind);
      else {
        line.reportedAtMs = now;
        line.suppressed = 0;
        this.report(kind, detail, suppressed);
      }
    }
  }
}
