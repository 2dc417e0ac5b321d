import type { AgentEndpoint } from '../src/index.js';

/** An outbox as an agent keeps it: rows leave only when acknowledged, and all that is left goes out again in a new session. */
export class TestOutbox {
  readonly rows: number[] = [];
  private sid = '';
  private readonly inFlight = new Map<number, number>();

  constructor(private readonly endpoint: AgentEndpoint) {
    endpoint.onSession((sid) => {
      this.sid = sid;
      this.inFlight.clear();
      for (const row of this.rows) void this.send(row);
    });
    endpoint.onAck(({ sid, seq }) => {
      if (sid !== this.sid) return;
      for (const [sentSeq, row] of this.inFlight) {
        if (sentSeq > seq) continue;
        this.inFlight.delete(sentSeq);
        this.rows.splice(this.rows.indexOf(row), 1);
      }
    });
  }

  add(row: number): void {
    this.rows.push(row);
    if (this.endpoint.isWelcomed) void this.send(row);
  }

  private async send(row: number): Promise<void> {
    const { sid } = this;
    try {
      const seq = await this.endpoint.sendEvent('ban', { row });
      if (sid === this.sid) this.inFlight.set(seq, row);
    } catch {
      // The session ended: the next one sends the row again.
    }
  }
}
