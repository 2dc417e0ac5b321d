import type { AlarmCode, ChannelAlarm } from './gateway-options.js';

const REPEAT_EVERY_MS = 10_000;

interface Line {
  reportedAtMs: number;
  suppressed: number;
  agentId: string;
  code: AlarmCode;
  detail: string;
}

/** Reports the first alarm of a kind at once and repeats, counted, every ten seconds: a flood of bad entries is not a flood of alarms. */
export class AlarmBook {
  private readonly lines = new Map<string, Line>();

  constructor(
    private readonly report: (alarm: ChannelAlarm) => void,
    private readonly clock: { wallMs(): number; monotonicMs(): number },
  ) {}

  raise(agentId: string, code: AlarmCode, detail: string): void {
    const key = `${agentId}/${code}`;
    const line = this.lines.get(key);
    if (line === undefined) {
      this.lines.set(key, { reportedAtMs: this.clock.monotonicMs(), suppressed: 0, agentId, code, detail });
      this.report({ agentId, code, detail, at: Math.round(this.clock.wallMs()), count: 1 });
    } else {
      line.suppressed += 1;
      line.detail = detail;
    }
  }

  /** Reports what was held back long enough; call about once a second. */
  tick(): void {
    const now = this.clock.monotonicMs();
    for (const [key, line] of this.lines) {
      if (now - line.reportedAtMs < REPEAT_EVERY_MS) continue;
      const { agentId, code, detail, suppressed } = line;
      if (suppressed === 0) this.lines.delete(key);
      else {
        line.reportedAtMs = now;
        line.suppressed = 0;
        this.report({ agentId, code, detail, at: Math.round(this.clock.wallMs()), count: suppressed });
      }
    }
  }
}
