/** Where time comes from. */
export interface Clock {
  /** The host's wall clock, milliseconds since the epoch; may jump. */
  wallMs(): number;
  /** Milliseconds since some start; never jumps, may stand still while the machine sleeps. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
