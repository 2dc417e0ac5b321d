import { DestroyRef, inject, Service, signal } from '@angular/core';

const TICK_MS = 5_000;
/** Smaller differences are the network's. */
const NOTABLE_SKEW_MS = 5_000;

/** Server time, as a signal that moves every few seconds, so that relative times stay right while a page is open. */
@Service()
export class Clock {
  private offsetMs = 0;
  private readonly tick = signal(Date.now());

  /** Milliseconds since the epoch, by the server's clock as far as it is known. */
  readonly now = this.tick.asReadonly();

  constructor() {
    const timer = setInterval(() => this.tick.set(Date.now() + this.offsetMs), TICK_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  /** Takes over the server's time when this machine's clock is off. `serverAt` is RFC 3339. */
  sync(serverAt: string): void {
    const offset = Date.parse(serverAt) - Date.now();
    if (Number.isNaN(offset)) return;
    this.offsetMs = Math.abs(offset) < NOTABLE_SKEW_MS ? 0 : offset;
    this.tick.set(Date.now() + this.offsetMs);
  }
}
