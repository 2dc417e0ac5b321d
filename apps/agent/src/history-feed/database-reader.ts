import type { CursorStore } from '../state/cursor-store.js';
import {
  type BanDatabase,
  DatabaseBusyError,
  type DatabaseCursor,
  DatabaseUnusableError,
  type HistoryPlace,
} from './ban-database.js';
import type { BanRow } from './ban-row.js';
import type { PairingStore } from './pairing-store.js';

/** Rows read in one go; `save` moves the cursor behind them, inside the transaction that stores what became of them. */
export interface RowSlice {
  readonly rows: readonly BanRow[];
  /** `read`: to the end. `more`: there is more. `busy`: locked, try again. `unusable`: no database at the moment. */
  readonly state: 'read' | 'more' | 'busy' | 'unusable';
  /** Whether there is anything to save. */
  readonly isMoved: boolean;
  save(): void;
}

const NOTHING = { rows: [], isMoved: false, save: () => undefined };

interface Reconciliation {
  readonly jail: string;
  readonly place: HistoryPlace;
}

const CURSOR = 'database';
const SLICE = 200;
/** Going down from the newest row, this many seen ones in a row mean that all below are old, too. */
const SEEN_RUN = 100;
/** Longest way down before reading from the start instead. */
const MAX_DOWN = 10_000;
const TOP_ROWID = Number.MAX_SAFE_INTEGER;

/** Reads fail2ban's database forward from a persisted cursor, and finds its way again after rows were deleted. */
export class DatabaseReader {
  #cursor: DatabaseCursor | undefined;
  #reconciliations: Reconciliation[] = [];
  #planned: number | undefined;
  #problem: string | undefined;

  constructor(
    private readonly database: BanDatabase,
    private readonly cursors: CursorStore,
    private readonly pairing: PairingStore,
  ) {
    const stored = cursors.get(CURSOR) as { path: string; cursor: DatabaseCursor | null } | undefined;
    if (stored?.path === database.path) this.#cursor = stored.cursor ?? undefined;
  }

  get path(): string {
    return this.database.path;
  }

  /** Why the database cannot be read; undefined when it can. */
  get problem(): string | undefined {
    return this.#problem;
  }

  get isReconciling(): boolean {
    return this.#planned !== undefined || this.#reconciliations.length > 0;
  }

  close(): void {
    this.database.close();
  }

  /** The rows after the cursor, at most one slice. */
  read(): RowSlice {
    return this.#guarded(() => {
      const rows = this.database.rowsAfter(this.#cursor, SLICE);
      if (rows === undefined) return this.#refind();
      return this.#sliceOf(rows, rows.length === SLICE ? 'more' : 'read');
    });
  }

  /** Plans to look at every row since a time (seconds) again, jail by jail: what was not seen becomes an event. */
  planReconciliation(sinceSeconds: number): void {
    this.#planned = sinceSeconds;
  }

  /** One slice of a planned reconciliation. */
  reconcile(): RowSlice {
    return this.#guarded(() => {
      const sinceSeconds = this.#planned;
      if (sinceSeconds !== undefined) {
        this.#reconciliations = this.database
          .jails()
          .map((jail) => ({ jail, place: { atSeconds: sinceSeconds, rowid: 0 } }));
        this.#planned = undefined;
      }
      const [next, ...rest] = this.#reconciliations;
      if (next === undefined) return { ...NOTHING, state: 'read' };
      const rows = this.database.rowsOfJailAfter(next.jail, next.place, SLICE);
      const last = rows.length === SLICE ? rows.at(-1) : undefined;
      const save = () => {
        this.#reconciliations = last === undefined ? rest : [{ jail: next.jail, place: last }, ...rest];
      };
      return { rows, state: 'more', isMoved: true, save };
    });
  }

  /** Seconds of the oldest ban still in the database; undefined when unknown. */
  oldestSeconds(): number | undefined {
    let oldest: number | undefined;
    this.#guarded(() => {
      oldest = this.database.oldestSeconds();
      return { ...NOTHING, state: 'read' };
    });
    return oldest;
  }

  /** The cursor's row is gone: rowids above what is left are used again, so the new rows are those above the seen ones. */
  #refind(): RowSlice {
    const fresh: BanRow[] = [];
    let top: BanRow | undefined;
    let run = 0;
    let below = TOP_ROWID;
    for (let looked = 0; looked < MAX_DOWN;) {
      const rows = this.database.rowsDownFrom(below, SLICE);
      top ??= rows[0];
      for (const row of rows) {
        const isSeen = this.pairing.isSeen(row.jail, row.address, row.atSeconds);
        run = isSeen ? run + 1 : 0;
        if (!isSeen) fresh.unshift(row);
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < SLICE || run >= SEEN_RUN)
        return { rows: fresh, state: 'read', isMoved: true, save: () => this.#moveTo(top) };
      looked += rows.length;
      below = last.rowid - 1;
    }
    // Another file, or one that was filled anew: from the start, slice by slice; what was seen is known.
    this.#cursor = undefined;
    return this.read();
  }

  #sliceOf(rows: readonly BanRow[], state: RowSlice['state']): RowSlice {
    const last = rows.at(-1);
    return last === undefined ? { ...NOTHING, state } : { rows, state, isMoved: true, save: () => this.#moveTo(last) };
  }

  #moveTo(row: BanRow | undefined): void {
    this.#cursor = row === undefined ? undefined : this.database.cursorAt(row);
    this.cursors.set(CURSOR, { path: this.database.path, cursor: this.#cursor ?? null });
  }

  #guarded(work: () => RowSlice): RowSlice {
    try {
      const slice = work();
      this.#problem = undefined;
      return slice;
    } catch (error) {
      if (error instanceof DatabaseBusyError) return { ...NOTHING, state: 'busy' };
      if (!(error instanceof DatabaseUnusableError)) throw error;
      this.#problem = error.message;
      return { ...NOTHING, state: 'unusable' };
    }
  }
}
