import type { JailActRate } from '@bailiff/contracts/http';
import { CursorStore } from '../state/cursor-store.js';
import type { StateDatabase } from '../state/state-database.js';

/** What was timed. */
export type RateKind = JailActRate['kind'];

interface Measure {
  readonly bans: number;
  readonly ms: number;
  readonly atMs: number;
}

const KEY = 'action-rates';
/** Beyond so many bans the old half counts half, so that a measure follows the host. */
const MEMORY_BANS = 2_000;
/** Too few to say anything. */
const MIN_BANS = { lift: 5, restore: 5, ban: 1, unban: 1 } as const;
const SAVE_MS = 10_000;

/** How fast bans are made and lifted in each jail of this host: only what was seen here, never a guess. */
export class ActionRates {
  readonly #cursors: CursorStore;
  readonly #measures: Map<string, Measure>;
  #savedMs = 0;

  constructor(private readonly state: StateDatabase) {
    this.#cursors = new CursorStore(state);
    this.#measures = new Map(Object.entries((this.#cursors.get(KEY) ?? {}) as Record<string, Measure>));
  }

  /** Takes a measure: so many bans took so long. Few or instant ones are left out. */
  note(jail: string, kind: RateKind, bans: number, ms: number): void {
    if (bans < MIN_BANS[kind] || !(ms > 0)) return;
    const key = `${kind} ${jail}`;
    const old = this.#measures.get(key);
    const keep = old === undefined ? 0 : old.bans > MEMORY_BANS ? 0.5 : 1;
    this.#measures.set(key, {
      bans: Math.round((old?.bans ?? 0) * keep + bans),
      ms: (old?.ms ?? 0) * keep + ms,
      atMs: Date.now(),
    });
    const isPrecious = kind === 'lift' || kind === 'restore';
    if (!isPrecious && Date.now() - this.#savedMs < SAVE_MS) return;
    this.#savedMs = Date.now();
    this.state.transaction(() => this.#cursors.set(KEY, Object.fromEntries(this.#measures)));
  }

  /** The first of these kinds that was measured in the jail. */
  find(jail: string, kinds: readonly RateKind[]): JailActRate | undefined {
    for (const kind of kinds) {
      const measure = this.#measures.get(`${kind} ${jail}`);
      if (measure === undefined || measure.bans < MIN_BANS[kind]) continue;
      const perSecond = Number(((measure.bans * 1_000) / measure.ms).toPrecision(3));
      return { jail, kind, perSecond, bans: measure.bans, at: new Date(measure.atMs).toISOString() };
    }
    return undefined;
  }
}
