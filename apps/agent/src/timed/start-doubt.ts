import { existsSync, readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { CursorStore } from '../state/cursor-store.js';
import type { StateDatabase } from '../state/state-database.js';

/** What the agent wrote down of the clock while it could be believed. */
export interface ClockRecord {
  readonly wallMs: number;
  /** How long the machine had been up. */
  readonly uptimeMs: number;
  /** Names the run of the machine's kernel. */
  readonly bootId: string;
  /** The host's clock minus the gateway's, when the gateway was last heard; absent: never. */
  readonly skewMs?: number;
}

/** The clocks of the machine. */
export interface MachineClocks {
  /** Milliseconds since the epoch. */
  wallMs(): number;
  /** Milliseconds since the machine started, time asleep included. */
  uptimeMs(): number;
  bootId(): string;
  /** Whether the host has set its clock by the network since it started; false where that cannot be seen. */
  isSynchronized(): boolean;
}

/** A machine that is back within this time was restarted: its clock is believed. */
const RESTART_MS = 15 * 60_000;
/** Within one run of the machine its clock and its uptime part no further than this. */
const DRIFT_MS = 5 * 60_000;
/** Where nothing speaks for the clock or against it, it is believed when the machine has been up for so long. */
const PATIENCE_MS = 15 * 60_000;
/** The gateway gets this long to say what time it is. */
const HEAR_MS = 60_000;
/** The longest wait against the gateway's word: somebody may have set this clock on purpose. */
const CONTRADICTED_MS = 24 * 3_600_000;
const SAVE_MS = 60_000;

/**
 * Whether the clock can be right at the start of the agent. A clock that is ahead before it is set by the network would lift
 * every timed ban. So the time is written down each minute, and a clock that is far beyond it is believed only once something
 * speaks for it: the machine's uptime, the network's time, the gateway's time, or, in the end, patience.
 */
export class StartDoubt {
  readonly #last: ClockRecord | undefined;
  readonly #bornMs: number;
  #isOver = false;
  #skewMs: number | undefined;
  #isContradicted = false;
  #savedMs = -Infinity;

  /** @param save keeps what is written down @param last what was written down last */
  constructor(
    last: ClockRecord | undefined,
    private readonly save: (record: ClockRecord) => void,
    private readonly clocks: MachineClocks,
  ) {
    this.#last = last;
    this.#skewMs = last?.skewMs;
    this.#bornMs = clocks.uptimeMs();
  }

  /** Milliseconds until the clock is believed if nothing more is heard; 0: it is. */
  waitMs(): number {
    const uptimeMs = this.clocks.uptimeMs();
    if (!this.#isOver && this.#doubtMs(uptimeMs) === 0) this.#isOver = true;
    if (!this.#isOver) return this.#doubtMs(uptimeMs);
    if (uptimeMs - this.#savedMs >= SAVE_MS) this.#note();
    return 0;
  }

  /** The gateway, whose word is signed, has said what time it is. */
  hear(gatewayMs: number): void {
    const skewMs = this.clocks.wallMs() - gatewayMs;
    // One that is always off by the same is what bans were measured by.
    const isAsEver = this.#skewMs !== undefined && Math.abs(skewMs - this.#skewMs) <= DRIFT_MS;
    this.#isContradicted = skewMs > DRIFT_MS && !isAsEver;
    if (!this.#isOver && !this.#isContradicted) this.#isOver = true;
    if (!this.#isOver) return;
    this.#skewMs = skewMs;
    this.#note();
  }

  #doubtMs(uptimeMs: number): number {
    const { clocks } = this;
    if (this.#last === undefined) return 0;
    const isSameRun = clocks.bootId() === this.#last.bootId && uptimeMs >= this.#last.uptimeMs;
    const passedMs = clocks.wallMs() - this.#last.wallMs;
    if (isSameRun && passedMs - (uptimeMs - this.#last.uptimeMs) <= DRIFT_MS) return 0;
    if (!isSameRun && passedMs <= RESTART_MS) return 0;
    const ownMs = uptimeMs - this.#bornMs;
    if (this.#isContradicted) return Math.max(0, CONTRADICTED_MS - ownMs);
    if (clocks.isSynchronized()) return 0;
    // In one run the clock was set while the agent was not there to see it: that is no matter of how long the machine is up.
    return Math.max(0, HEAR_MS - ownMs, PATIENCE_MS - (isSameRun ? ownMs : uptimeMs));
  }

  #note(): void {
    const uptimeMs = this.clocks.uptimeMs();
    this.#savedMs = uptimeMs;
    this.save({
      wallMs: this.clocks.wallMs(),
      uptimeMs,
      bootId: this.clocks.bootId(),
      ...(this.#skewMs === undefined ? {} : { skewMs: this.#skewMs }),
    });
  }
}

const CURSOR = 'clock';
const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';
/** systemd-timesyncd makes it once it has set the clock; gone with the next start of the machine. */
const SYNCHRONIZED_FILE = '/run/systemd/timesync/synchronized';

/** @returns the doubt of this machine's clock, written down in the agent's state */
export function startDoubtOf(state: StateDatabase): StartDoubt {
  const cursors = new CursorStore(state);
  const bootId = readBootId();
  return new StartDoubt(
    // Only this function writes it.
    cursors.get(CURSOR) as ClockRecord | undefined,
    (record) => state.transaction(() => cursors.set(CURSOR, record)),
    {
      wallMs: () => Date.now(),
      uptimeMs: () => uptime() * 1_000,
      bootId: () => bootId,
      isSynchronized: () => existsSync(SYNCHRONIZED_FILE),
    },
  );
}

function readBootId(): string {
  try {
    return readFileSync(BOOT_ID_FILE, 'utf8').trim();
  } catch {
    // Without it every start counts as one of the machine.
    return '';
  }
}
