import { parseNetwork, tryParseAddress, family } from '@bailiff/ip';
import { Injectable } from '@nestjs/common';
import { TooManyAttemptsError } from './auth.errors.js';
import { type Counters, SharedCounters } from './counters.js';

/** Attempts of one address that are heard at once; each further one waits longer than the one before. */
const FREE_ATTEMPTS = 3;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;
/** An address starts afresh after this long, milliseconds. */
const ADDRESS_MEMORY_MS = 15 * 60_000;
/** Attempts of all addresses together, a minute. */
const GLOBAL_PER_MINUTE = 60;
const MINUTE_MS = 60_000;

/**
 * Slows down guessing. Attempts are counted before the password is looked at, so that many at once gain nothing; a right
 * password clears its address.
 */
@Injectable()
export class LoginLimiter {
  private readonly counters: Counters;

  constructor(counters: SharedCounters) {
    this.counters = counters;
  }

  /** @throws {TooManyAttemptsError} when this attempt is not heard */
  async begin(address: string): Promise<void> {
    await this.waitForTurn(sourceOf(address));
    // Only what gets this far counts for all: else one address alone could shut everybody out.
    const minute = Math.floor(Date.now() / MINUTE_MS);
    const all = await this.counters.increment(`login-all:${minute}`, MINUTE_MS);
    if (all > GLOBAL_PER_MINUTE) throw new TooManyAttemptsError(MINUTE_MS - (Date.now() % MINUTE_MS));
  }

  private async waitForTurn(source: string): Promise<void> {
    const attempts = await this.counters.increment(`login-tries:${source}`, ADDRESS_MEMORY_MS);
    const delayMs = delayAfter(attempts);
    if (delayMs === 0) return;
    const waitMs = await this.counters.lock(`login-wait:${source}`, delayMs);
    if (waitMs > 0) throw new TooManyAttemptsError(waitMs);
  }

  /** The password was right. */
  async succeeded(address: string): Promise<void> {
    const source = sourceOf(address);
    await this.counters.forget(`login-tries:${source}`, `login-wait:${source}`);
  }
}

/** How long the attempt after the n-th one has to wait, milliseconds; 0 for the first few. */
export function delayAfter(attempts: number): number {
  return attempts < FREE_ATTEMPTS ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (attempts - FREE_ATTEMPTS), MAX_DELAY_MS);
}

/** Whom attempts are counted for: the address, or for IPv6 its /64, all of which one guesser has. */
export function sourceOf(address: string): string {
  const parsed = tryParseAddress(address);
  if (parsed === undefined) return 'unknown';
  return family(parsed) === 6 ? parseNetwork(`${parsed}/64`) : parsed;
}
