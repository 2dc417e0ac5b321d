import { DestroyRef, effect, inject, Service, signal, untracked } from '@angular/core';
import { LIVE_CLOSE, type LiveMessage } from '@bailiff/contracts/http/live';
import { Observable, Subject } from 'rxjs';
import { Session } from '../session/session';
import { SessionEnd } from '../session/session-end';
import { Clock } from '../time/clock';
import { LiveSocketFactory } from './live-socket';

/** `connecting` is the first attempt only; `stale` when it has been gone for a while. */
export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'stale';
type MessageOf<T extends LiveMessage['type']> = Extract<LiveMessage, { type: T }>;

/** The server sends a heartbeat every 30 s; two missed and the connection is taken for dead. */
const SILENCE_MS = 70_000;
const STALE_AFTER_MS = 10_000;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 20_000;

/**
 * The live feed: one WebSocket while somebody is signed in. Reconnects with growing, jittered pauses and asks for what it
 * missed by the last feed id it saw, so that lists stay complete without a reload.
 */
@Service()
export class LiveFeed {
  private readonly sockets = inject(LiveSocketFactory);
  private readonly clock = inject(Clock);
  private readonly session = inject(Session);
  private readonly sessionEnd = inject(SessionEnd);
  private readonly messages = new Subject<LiveMessage>();
  private readonly stateSignal = signal<LiveState>('connecting');
  private readonly heardSignal = signal<number | undefined>(undefined);

  private socket: WebSocket | undefined;
  private feedId: string | undefined;
  private hasBeenLive = false;
  private retries = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private staleTimer: ReturnType<typeof setTimeout> | undefined;
  private silenceTimer: ReturnType<typeof setTimeout> | undefined;

  readonly state = this.stateSignal.asReadonly();
  /** When the server last said anything, milliseconds since the epoch. */
  readonly heardAt = this.heardSignal.asReadonly();
  /** Every message, in order. */
  readonly all: Observable<LiveMessage> = this.messages;

  constructor() {
    effect(() => {
      const signedIn = this.session.isSignedIn();
      untracked(() => (signedIn ? this.start() : this.stop()));
    });
    inject(DestroyRef).onDestroy(() => this.stop());
  }

  /** Calls back for each message of the types named until `destroyRef` goes. */
  on<T extends LiveMessage['type']>(
    types: readonly T[],
    destroyRef: DestroyRef,
    handle: (message: MessageOf<T>) => void,
  ): void {
    const wanted: ReadonlySet<string> = new Set(types);
    const subscription = this.messages.subscribe((message) => {
      if (wanted.has(message.type)) handle(message as MessageOf<T>);
    });
    destroyRef.onDestroy(() => subscription.unsubscribe());
  }

  /** Connects at once instead of after the pause. */
  retryNow(): void {
    if (this.stateSignal() === 'live' || !this.session.isSignedIn()) return;
    this.retries = 0;
    this.connect();
  }

  private start(): void {
    if (this.socket !== undefined || this.retryTimer !== undefined) return;
    this.stateSignal.set('connecting');
    this.connect();
  }

  private stop(): void {
    this.clearTimers();
    this.dropSocket();
    this.feedId = undefined;
    this.hasBeenLive = false;
    this.retries = 0;
    this.stateSignal.set('connecting');
  }

  private connect(): void {
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    this.dropSocket();
    const socket = this.sockets.open(this.feedId);
    this.socket = socket;
    this.awaitSound();
    socket.onmessage = ({ data }) => this.receive(data);
    socket.onclose = ({ code }) => this.lost(code);
  }

  private receive(data: unknown): void {
    const message = parse(data);
    if (message === undefined) return;
    this.awaitSound();
    this.heardSignal.set(Date.now());
    if (message.type === 'ready') this.becomeLive();
    if (message.type === 'ready' || message.type === 'heartbeat') this.clock.sync(message.at);
    if ('feedId' in message) this.feedId = message.feedId;
    if (message.type === 'preferences_changed') void this.session.load().catch(() => undefined);
    this.messages.next(message);
  }

  private becomeLive(): void {
    this.retries = 0;
    // Preferences changed while nobody listened are not told again.
    if (this.hasBeenLive) void this.session.load().catch(() => undefined);
    this.hasBeenLive = true;
    clearTimeout(this.staleTimer);
    this.staleTimer = undefined;
    this.stateSignal.set('live');
  }

  private lost(code: number): void {
    this.dropSocket();
    clearTimeout(this.silenceTimer);
    if (code === LIVE_CLOSE.sessionEnded) {
      this.sessionEnd.toLogin();
      return;
    }
    if (this.stateSignal() !== 'stale') this.stateSignal.set('reconnecting');
    this.staleTimer ??= setTimeout(() => this.stateSignal.set('stale'), STALE_AFTER_MS);
    const pause = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** this.retries);
    this.retries += 1;
    // Jitter: a restarted gateway is not met by every browser in the same instant.
    this.retryTimer = setTimeout(() => this.connect(), pause * (0.5 + Math.random() / 2));
  }

  private awaitSound(): void {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => this.lost(0), SILENCE_MS);
  }

  private dropSocket(): void {
    if (this.socket === undefined) return;
    this.socket.onmessage = null;
    this.socket.onclose = null;
    this.socket.close();
    this.socket = undefined;
  }

  private clearTimers(): void {
    for (const timer of [this.retryTimer, this.staleTimer, this.silenceTimer]) clearTimeout(timer);
    this.retryTimer = undefined;
    this.staleTimer = undefined;
  }
}

/** The server's message, or undefined when it is not one: the feed goes on. */
function parse(data: unknown): LiveMessage | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && 'type' in value ? (value as LiveMessage) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
