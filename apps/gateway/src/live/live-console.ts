import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LogLines } from '../core/log-lines.js';
import { readConsoleLine } from './console-line.js';
import { LineBuffer } from './line-buffer.js';
import { frameOf, type LiveClient } from './live-client.js';

/** Lines wait this long for others, milliseconds: a message of many costs hardly more than one of one. */
export const FLUSH_MS = 200;
/** Held between two messages; more than that in {@link FLUSH_MS} nobody reads as it comes. */
export const MAX_LINES = 500;
export const MAX_CHARACTERS = 1_000_000;

/**
 * Debug mode: the gateway's own log, live, to the administrators that listen. While nobody does, and outside of debug mode, a
 * line costs nothing. Whatever sending a line may cause to be logged is not sent, so that no line causes another.
 */
@Injectable()
export class LiveConsole implements OnApplicationShutdown {
  /** Lines each listener missed because it read too slowly. */
  private readonly missed = new Map<LiveClient, number>();
  private readonly buffer = new LineBuffer(MAX_LINES, MAX_CHARACTERS);
  private readonly sending = new AsyncLocalStorage<true>();
  private timer: NodeJS.Timeout | undefined;

  constructor(log: LogLines) {
    log.listen((line) => this.heard(line));
  }

  /** Lets a client hear the log from now on; the caller has made sure that it may. */
  add(client: LiveClient): void {
    if (!this.missed.has(client)) this.missed.set(client, 0);
  }

  remove(client: LiveClient): void {
    if (this.missed.delete(client) && this.missed.size === 0) this.forget();
  }

  /** Sends what waits, now. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.buffer.isEmpty) this.sending.run(true, () => this.send());
  }

  onApplicationShutdown(): void {
    this.forget();
  }

  private heard(line: string): void {
    if (this.missed.size === 0 || this.sending.getStore() === true) return;
    this.buffer.push(line);
    this.timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  private send(): void {
    const taken = this.buffer.take();
    const lines = taken.lines.flatMap((line) => readConsoleLine(line) ?? []);
    const frameAfter = (dropped: number) => frameOf({ type: 'console_log', lines, dropped });
    const usual = frameAfter(taken.dropped);
    for (const [client, missed] of this.missed) {
      const isSent = client.offer(missed === 0 ? usual : frameAfter(taken.dropped + missed));
      this.missed.set(client, isSent ? 0 : missed + taken.dropped + taken.lines.length);
    }
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.buffer.take();
  }
}
