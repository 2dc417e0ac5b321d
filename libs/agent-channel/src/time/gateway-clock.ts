import type { Clock } from './clock.js';

/** How far wall and monotonic clock may part before the offset is no longer believed, milliseconds. */
const MAX_DRIFT_MS = 5_000;

/**
 * The gateway's time as an agent knows it: the time in the welcome plus what the agent's monotonic clock counted since.
 * A wrong host clock does no harm.
 */
export class GatewayClock {
  private base: { gatewayMs: number; monotonicMs: number; wallMs: number } | undefined;

  constructor(private readonly clock: Clock) {}

  /**
   * Takes the gateway's time from a welcome. Counted from when the *hello* was sent, so the estimate is never behind
   * the gateway: a command can expire early by the length of the greeting, but never run late.
   */
  sync(gatewayMs: number, helloSentAtMonotonicMs: number): void {
    const monotonicNow = this.clock.monotonicMs();
    // The wall clock is only compared with itself, to notice that the machine slept.
    this.base = {
      gatewayMs,
      monotonicMs: helloSentAtMonotonicMs,
      wallMs: this.clock.wallMs() - (monotonicNow - helloSentAtMonotonicMs),
    };
  }

  /** Whether the gateway has told its time. */
  get isSet(): boolean {
    return this.base !== undefined;
  }

  /** Gateway time in milliseconds; before the first welcome the host's own clock. */
  now(): number {
    if (this.base === undefined) return this.clock.wallMs();
    return this.base.gatewayMs + (this.clock.monotonicMs() - this.base.monotonicMs);
  }

  /** Whether the machine slept or its clock was set since the welcome: the offset must be asked for again. */
  get isDoubtful(): boolean {
    if (this.base === undefined) return false;
    const monotonic = this.clock.monotonicMs() - this.base.monotonicMs;
    const wall = this.clock.wallMs() - this.base.wallMs;
    return Math.abs(wall - monotonic) > MAX_DRIFT_MS;
  }
}
