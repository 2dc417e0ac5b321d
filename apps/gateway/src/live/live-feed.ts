import type { LiveMessage } from '@bailiff/contracts/http';
import { Injectable } from '@nestjs/common';
import { frameOf, type LiveClient } from './live-client.js';

/** Failures shown live per host and second; the counters have all of them. */
const FOUND_PER_SECOND = 20;

/** Everything that is pushed to open browsers goes through here. */
@Injectable()
export class LiveFeed {
  private readonly clients = new Set<LiveClient>();
  private found = new Map<string, number>();
  private foundSecond = 0;

  /** Whether anybody listens: callers may skip work that only the feed needs. */
  get hasListeners(): boolean {
    return this.clients.size > 0;
  }

  /** How many listen. */
  get listeners(): number {
    return this.clients.size;
  }

  add(client: LiveClient): void {
    this.clients.add(client);
  }

  remove(client: LiveClient): void {
    this.clients.delete(client);
  }

  publish(message: LiveMessage): void {
    if (this.clients.size === 0) return;
    if (message.type === 'found_event' && !this.mayShowFailure(message.hostId)) return;
    const frame = frameOf(message);
    for (const client of this.clients) client.deliver(frame);
  }

  private mayShowFailure(hostId: string): boolean {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.foundSecond) {
      this.found = new Map();
      this.foundSecond = second;
    }
    const shown = (this.found.get(hostId) ?? 0) + 1;
    this.found.set(hostId, shown);
    return shown <= FOUND_PER_SECOND;
  }
}
