import type { VerifiedBatch } from '@bailiff/agent-channel';

/** Heartbeats wait up to a second before they are stored; only a difference beyond this is news, milliseconds. */
const NOTICEABLE_MS = 2_000;

/** How far hosts' clocks are off. A hello is stored at once, so it is measured by; heartbeats tell when a clock jumps later. */
export class ClockSkew {
  private readonly known = new Map<string, number>();

  /** Host clock minus gateway clock, milliseconds, way over the wire included; undefined when there is no news. */
  measure({ agentId, hello, heartbeat, receivedAt }: VerifiedBatch): number | undefined {
    const at = hello?.at ?? heartbeat?.at;
    if (at === undefined) return undefined;
    const skewMs = at - receivedAt;
    const before = this.known.get(agentId);
    if (hello === undefined && before !== undefined && Math.abs(skewMs - before) < NOTICEABLE_MS) return undefined;
    this.known.set(agentId, skewMs);
    return skewMs;
  }
}
