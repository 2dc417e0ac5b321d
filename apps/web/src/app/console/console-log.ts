import { computed, DestroyRef, effect, inject, Service, signal, untracked } from '@angular/core';
import type { ConsoleLine } from '@bailiff/contracts/http';
import { LiveFeed } from '../live/live-feed';
import { Session } from '../session/session';

/** Lines kept; older ones go. */
export const KEPT = 500;
/** A server that is in debug mode has said something this long after it greeted: our own questions make it. Milliseconds. */
const SILENCE_MS = 10_000;

/** A line of the log, or the place where `lost` lines are missing. Ids grow by one. */
export type ConsoleEntry =
  { readonly id: number; readonly line: ConsoleLine } | { readonly id: number; readonly lost: number };

/** The newest lines of the gateway's log. There are none unless it runs in debug mode and we are an administrator. */
@Service()
export class ConsoleLog {
  private readonly session = inject(Session);
  private readonly held = signal<readonly ConsoleEntry[]>([]);
  private readonly isHeard = signal(false);
  private readonly isWanted = signal(false);
  private lastId = 0;
  private silence: ReturnType<typeof setTimeout> | undefined;

  /** Oldest first. */
  readonly entries = this.held.asReadonly();
  /** Whether there is a log to look at. */
  readonly isOn = this.isHeard.asReadonly();
  readonly isOpen = computed(() => this.isHeard() && this.isWanted());

  constructor() {
    const destroyRef = inject(DestroyRef);
    const feed = inject(LiveFeed);
    feed.on(['console_log'], destroyRef, ({ lines, dropped }) => this.heard(lines, dropped));
    feed.on(['ready'], destroyRef, () => this.awaitLine());
    effect(() => {
      if (!this.session.isSignedIn()) untracked(() => this.forget());
    });
    destroyRef.onDestroy(() => clearTimeout(this.silence));
  }

  toggle(): void {
    this.isWanted.update((isWanted) => !isWanted);
  }

  close(): void {
    this.isWanted.set(false);
  }

  clear(): void {
    this.held.set([]);
  }

  private heard(lines: readonly ConsoleLine[], lost: number): void {
    if (!this.session.can('admin')) return;
    clearTimeout(this.silence);
    this.isHeard.set(true);
    const gap: ConsoleEntry[] = lost > 0 ? [{ id: (this.lastId += 1), lost }] : [];
    const added = lines.map((line) => ({ id: (this.lastId += 1), line }));
    this.held.update((held) => [...held, ...gap, ...added].slice(-KEPT));
  }

  /** After a restart the gateway may no longer be in debug mode: then there is nothing to open any more. */
  private awaitLine(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.isHeard.set(false), SILENCE_MS);
  }

  private forget(): void {
    clearTimeout(this.silence);
    this.held.set([]);
    this.isHeard.set(false);
    this.isWanted.set(false);
  }
}
