import { setTimeout as sleep } from 'node:timers/promises';
import { openEnvelope } from '../codec/envelope.js';
import type { PyValue } from '../codec/py-value.js';
import type { RawReply } from '../codec/reply-reader.js';
import type { ReplyLimits } from '../codec/reply-limits.js';
import { encodeRequest, type RequestValue } from '../codec/request-writer.js';
import {
  Fail2banBusyError,
  Fail2banShuttingDownError,
  Fail2banUnreachableError,
  ReplyTimeoutError,
} from '../errors/connection.errors.js';
import { MalformedReplyError } from '../errors/malformed-reply.error.js';
import { assertHarmless } from './harmless.js';
import { isBacklogFull, openSocket, reasonOf } from './open-socket.js';
import { ReplyConnection, type ConnectionObserver } from './reply-connection.js';
import { RequestQueue, type RequestPriority } from './request-queue.js';

/** How one request is to be handled. */
export interface DispatchOptions {
  readonly priority: RequestPriority;
  /** Milliseconds until the reply must be complete, waiting included. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Told how long the server had the command, milliseconds. */
  readonly onServed?: ((elapsedMs: number) => void) | undefined;
}

interface Job {
  readonly words: readonly RequestValue[];
  readonly bytes: Buffer;
  readonly options: DispatchOptions;
  readonly resolve: (value: PyValue) => void;
  readonly reject: (error: unknown) => void;
  timer: NodeJS.Timeout | undefined;
  onAbort: (() => void) | undefined;
  sentAt: number;
}

export interface DispatcherOptions {
  readonly socketPath: string;
  readonly limits: ReplyLimits;
  /** How long an absent server is waited for before its callers are told, milliseconds. */
  readonly connectPatienceMs: number;
}

const FIRST_BACKOFF_MS = 5;
const MAX_BACKOFF_MS = 200;

/**
 * Sends requests one after the other over one kept connection. fail2ban serves all clients from a single thread and
 * dies of too many connections, so there is never a second one.
 */
export class RequestDispatcher implements ConnectionObserver {
  private readonly queue = new RequestQueue<Job>();
  private connection: ReplyConnection | undefined;
  private current: Job | undefined;
  private isConnecting = false;
  private isClosed = false;
  private readonly closing = new AbortController();
  /** Rises with every new connection: what was learnt on an older one may be out of date. */
  generation = 0;

  constructor(private readonly options: DispatcherOptions) {}

  get isConnected(): boolean {
    return this.connection !== undefined;
  }

  /**
   * Sends a command when its turn comes and returns the value of the reply.
   * @throws everything {@link openEnvelope} throws, {@link Fail2banBusyError}, {@link Fail2banUnreachableError},
   *   {@link ReplyTimeoutError}, {@link RefusedCommandError}, or the signal's reason
   */
  submit(words: readonly RequestValue[], options: DispatchOptions): Promise<PyValue> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) throw new Fail2banUnreachableError('the client was closed', false);
      options.signal?.throwIfAborted();
      assertHarmless(words);
      const bytes = encodeRequest(words);
      const job: Job = { words, bytes, options, resolve, reject, timer: undefined, onAbort: undefined, sentAt: 0 };
      job.timer = setTimeout(() => this.expire(job), options.timeoutMs);
      if (options.signal !== undefined) {
        job.onAbort = () => this.abort(job);
        options.signal.addEventListener('abort', job.onAbort, { once: true });
      }
      this.queue.add(job, options.priority);
      this.pump();
    });
  }

  /** Fails what waits, says goodbye to the server. Safe to call twice. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.closing.abort();
    const error = new Fail2banUnreachableError('the client was closed', false);
    for (const job of this.queue.drain()) this.settle(job, error);
    const { connection, current } = this;
    this.connection = undefined;
    this.current = undefined;
    if (current === undefined) {
      await connection?.end();
      return;
    }
    connection?.destroy();
    this.settle(current, new Fail2banUnreachableError('the client was closed', true));
  }

  onReply(reply: RawReply): void {
    const job = this.current;
    if (job === undefined) return;
    this.current = undefined;
    job.options.onServed?.(performance.now() - job.sentAt);
    try {
      const value = openEnvelope(reply, job.words);
      this.release(job);
      job.resolve(value);
    } catch (error) {
      // A server that says goodbye, or makes no sense, is not asked anything else on this connection.
      if (error instanceof Fail2banShuttingDownError || error instanceof MalformedReplyError) this.drop();
      this.settle(job, error);
    }
    this.pump();
  }

  onClosed(error: Error | undefined): void {
    this.connection = undefined;
    const job = this.current;
    this.current = undefined;
    if (job !== undefined) {
      const lost = new Fail2banUnreachableError('the connection was lost', true, { cause: error });
      this.settle(job, error instanceof MalformedReplyError ? error : lost);
    }
    this.pump();
  }

  private pump(): void {
    if (this.current !== undefined || this.isConnecting || this.queue.isEmpty) return;
    if (this.connection === undefined) {
      this.isConnecting = true;
      void this.connect();
      return;
    }
    const job = this.queue.next();
    if (job === undefined) return;
    this.current = job;
    job.sentAt = performance.now();
    this.connection.send(job.bytes);
  }

  /** Connects while somebody waits. Never rejects: those who wait are told. */
  private async connect(): Promise<void> {
    const since = performance.now();
    for (let delayMs = FIRST_BACKOFF_MS; !this.queue.isEmpty; delayMs = Math.min(delayMs * 2, MAX_BACKOFF_MS)) {
      try {
        const socket = await openSocket(this.options.socketPath);
        if (this.isClosed) socket.destroy();
        else this.connection = new ReplyConnection(socket, this.options.limits, this);
        this.generation++;
        break;
      } catch (error) {
        if (!isBacklogFull(error) && performance.now() - since >= this.options.connectPatienceMs) {
          const away = new Fail2banUnreachableError(reasonOf(error), false, { cause: error });
          for (const job of this.queue.drain()) this.settle(job, away);
          break;
        }
      }
      await sleep(delayMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
    this.isConnecting = false;
    this.pump();
  }

  private expire(job: Job): void {
    if (this.current !== job) {
      this.queue.remove(job, job.options.priority);
      this.settle(job, new Fail2banBusyError());
      return;
    }
    // The late reply would be taken for the answer to the next command.
    this.current = undefined;
    this.drop();
    this.settle(job, new ReplyTimeoutError(job.options.timeoutMs));
    this.pump();
  }

  private abort(job: Job): void {
    const reason: unknown = job.options.signal?.reason;
    if (this.current === job) {
      // Its reply is still awaited, and thrown away, so that the connection stays in step; the deadline stays armed.
      job.reject(reason);
      return;
    }
    this.queue.remove(job, job.options.priority);
    this.settle(job, reason);
  }

  private drop(): void {
    this.connection?.destroy();
    this.connection = undefined;
  }

  private settle(job: Job, error: unknown): void {
    this.release(job);
    job.reject(error);
  }

  private release(job: Job): void {
    clearTimeout(job.timer);
    if (job.onAbort !== undefined) job.options.signal?.removeEventListener('abort', job.onAbort);
  }
}
