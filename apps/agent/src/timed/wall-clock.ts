import type { StartDoubt } from './start-doubt.js';

/** A jump forward by more than this is looked at twice before anything is lifted because of it. */
const JUMP_MS = 60_000;
/** How long a clock must go evenly after a jump to be believed. */
const SETTLE_MS = 30_000;

/**
 * The time of day, with care: a clock that jumps forward (a machine without battery that is set wrong for a moment, a host
 * that was suspended) would lift every ban at once. After a jump nothing is due until the clock went evenly for a while;
 * after a start that seems to be long after the last one, until something speaks for it.
 */
export class WallClock {
  #offsetMs: number;
  #settledAtMs = -Infinity;

  constructor(
    private readonly wall: () => number = () => Date.now(),
    private readonly steady: () => number = () => performance.now(),
    private readonly doubt?: Pick<StartDoubt, 'waitMs'>,
  ) {
    this.#offsetMs = wall() - steady();
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.wall();
  }

  /** Milliseconds until what is over by this clock may be ended; 0: now. What will be known by then may change it. */
  settling(): number {
    return Math.max(this.#jumpingMs(), this.doubt?.waitMs() ?? 0);
  }

  /** Whether the clock was set a moment ago, so that nothing is to be measured by it. */
  isJumping(): boolean {
    return this.#jumpingMs() > 0;
  }

  #jumpingMs(): number {
    const steady = this.steady();
    const offsetMs = this.wall() - steady;
    const jumpMs = offsetMs - this.#offsetMs;
    this.#offsetMs = offsetMs;
    // Backwards nothing becomes due that was not; a clock that comes back after a jump is believed at once.
    if (jumpMs < -JUMP_MS) this.#settledAtMs = -Infinity;
    if (jumpMs > JUMP_MS) this.#settledAtMs = steady + SETTLE_MS;
    return Math.max(0, this.#settledAtMs - steady);
  }
}
