import type { Clock } from '../src/time/clock.js';

/** A clock that moves only when told. */
export class ManualClock implements Clock {
  wall = 1_790_000_000_000;
  monotonic = 0;

  wallMs(): number {
    return this.wall;
  }

  monotonicMs(): number {
    return this.monotonic;
  }

  /** Both clocks move on. */
  advance(ms: number): void {
    this.wall += ms;
    this.monotonic += ms;
  }
}
