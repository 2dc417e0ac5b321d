import { Injectable } from '@nestjs/common';

/** How long after its command a ban that arrives is still taken for the operator's, milliseconds. */
const REMEMBERED_MS = 5 * 60_000;

/**
 * Remembers which bans operators asked for, so that the event that follows is stored with the origin `manual`.
 * In memory: an agent that names the origin itself is believed first, this covers those that do not.
 */
@Injectable()
export class ManualBans {
  private readonly expected = new Map<string, number>();

  /** To be called before the command is sent: the event may be here before the answer. */
  expect(hostId: string, jails: readonly string[], addresses: readonly string[], nowMs = Date.now()): void {
    this.forgetOld(nowMs);
    for (const jail of jails)
      for (const address of addresses) this.expected.set(keyOf(hostId, jail, address), nowMs + REMEMBERED_MS);
  }

  isExpected(hostId: string, jail: string, address: string, nowMs = Date.now()): boolean {
    return (this.expected.get(keyOf(hostId, jail, address)) ?? 0) > nowMs;
  }

  private forgetOld(nowMs: number): void {
    // Insertion order is expiry order, so the scan ends at the first that is still fresh.
    for (const [key, until] of this.expected) {
      if (until > nowMs) return;
      this.expected.delete(key);
    }
  }
}

const keyOf = (hostId: string, jail: string, address: string) => `${hostId}\n${jail}\n${address}`;
