import { localToEpochMs } from './local-time.js';

/** What a log clock remembers between restarts. */
export interface LogClockState {
  /** Difference between the zone that fail2ban writes in and ours, milliseconds: 0 but for fail2ban in a container. */
  readonly offsetMs: number;
  /** Epoch milliseconds of the last line. */
  readonly previousMs: number | undefined;
}

const QUARTER_HOUR_MS = 15 * 60_000;
const MAX_OFFSET_MS = 27 * 3_600_000;
const TOLERANCE_MS = 90_000;

/**
 * Turns the local times of fail2ban's log into epoch times. fail2ban prints no zone; usually it is ours. When lines that
 * were written just now are whole quarter hours off, fail2ban runs in another zone (a container), and is corrected for.
 */
export class LogClock {
  #offsetMs: number;
  #previousMs: number | undefined;
  #lastText = '';
  #lastMs: number | undefined;

  constructor(state?: LogClockState) {
    this.#offsetMs = state?.offsetMs ?? 0;
    this.#previousMs = state?.previousMs;
  }

  get state(): LogClockState {
    return { offsetMs: this.#offsetMs, previousMs: this.#previousMs };
  }

  /**
   * Infers the zone from a line that was written at a known moment.
   * @param trueMs when it was written, as file times or our own clock say
   * @param toleranceMs how exact that is
   */
  calibrate(text: string, trueMs: number, toleranceMs = TOLERANCE_MS): void {
    const localMs = localToEpochMs(text, { nowMs: trueMs });
    if (localMs === undefined) return;
    const offsetMs = Math.round((trueMs - localMs) / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
    if (Math.abs(trueMs - localMs - offsetMs) > toleranceMs || Math.abs(offsetMs) > MAX_OFFSET_MS) return;
    if (offsetMs === this.#offsetMs) return;
    this.#offsetMs = offsetMs;
    this.#previousMs = undefined;
    this.#lastText = '';
  }

  /** Epoch milliseconds of a line's time; `nowMs` when it was written just now. */
  read(text: string, nowMs?: number): number | undefined {
    if (text === this.#lastText) return this.#lastMs;
    const previousMs = this.#previousMs === undefined ? undefined : this.#previousMs - this.#offsetMs;
    const hint = { previousMs, nowMs: nowMs === undefined ? undefined : nowMs - this.#offsetMs };
    const localMs = localToEpochMs(text, hint);
    const atMs = localMs === undefined ? undefined : localMs + this.#offsetMs;
    if (atMs !== undefined) this.#previousMs = atMs;
    this.#lastText = text;
    this.#lastMs = atMs;
    return atMs;
  }

  /** Epoch milliseconds of a time that fail2ban printed elsewhere, such as in a list of bans. */
  readElsewhere(text: string): number | undefined {
    const localMs = localToEpochMs(text);
    return localMs === undefined ? undefined : localMs + this.#offsetMs;
  }
}
