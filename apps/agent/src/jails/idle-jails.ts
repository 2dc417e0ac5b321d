import { CursorStore } from '../state/cursor-store.js';
import type { StateDatabase } from '../state/state-database.js';

const KEY = 'idle-jails';

/** A jail that started, was reloaded or stopped; no jail: the whole server. */
export interface JailTurn {
  readonly jail: string | undefined;
  readonly atMs: number;
}

/**
 * Jails that were set idle through us. No version of fail2ban can be asked for it, so it is remembered on disk and
 * forgotten when the jail starts, is reloaded or stops: each of these ends it. What others set idle is not known.
 */
export class IdleJails {
  readonly #cursors: CursorStore;
  readonly #since: Map<string, number>;

  constructor(private readonly state: StateDatabase) {
    this.#cursors = new CursorStore(state);
    this.#since = new Map(Object.entries((this.#cursors.get(KEY) ?? {}) as Record<string, number>));
  }

  has(jail: string): boolean {
    return this.#since.has(jail);
  }

  set(jail: string, isIdle: boolean): void {
    if (isIdle) this.#since.set(jail, Date.now());
    else if (!this.#since.delete(jail)) return;
    this.#save();
  }

  /** Forgets what these ended. Older ones, read late from a log, do not count. */
  ended(turns: readonly JailTurn[]): void {
    let isChanged = false;
    for (const { jail, atMs } of turns) {
      for (const [name, sinceMs] of this.#since) {
        if ((jail === undefined || jail === name) && atMs >= sinceMs) isChanged = this.#since.delete(name) || isChanged;
      }
    }
    if (isChanged) this.#save();
  }

  #save(): void {
    this.state.transaction(() => this.#cursors.set(KEY, Object.fromEntries(this.#since)));
  }
}
