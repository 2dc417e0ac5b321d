import type { CommandError } from '@bailiff/agent-channel';
import { setTimeout as pause } from 'node:timers/promises';
import { isAboutFail2ban, toCommandError } from '../commands/command-failure.js';
import type { StoredJob } from './bulk-job.js';
import { BulkPace } from './bulk-pace.js';
import type { BulkStore } from './bulk-store.js';
import type { BatchWork, Verdict } from './batch-work.js';

export interface BulkPartOptions {
  readonly job: StoredJob;
  readonly jail: string;
  /** The agent stops: leave everything as it is. */
  readonly signal: AbortSignal;
}

/** How long what may pass by itself is waited for, milliseconds: fail2ban restarts, a jail is reloaded. */
export interface Patience {
  readonly fail2banMs: number;
  readonly jailMs: number;
  readonly retryMs: number;
}

const UNKNOWN: Verdict = {
  letter: 'f',
  code: 'agent/outcome-unknown',
  detail: 'fail2ban was told, and did not answer: whether it did this is not known',
};
const PATIENCE: Patience = { fail2banMs: 600_000, jailMs: 20_000, retryMs: 500 };

/** One jail's share of a list: goes on from its last result, batch by batch, each on disk before the next. */
export class BulkPart {
  readonly #pace = new BulkPace();
  #wake = new AbortController();
  #paused: { readonly sinceMs: number; readonly failure: CommandError } | undefined;
  /** After fail2ban or the jail was away, what was banned before is made sure of again. */
  #redo: { at: number; readonly to: number } | undefined;

  constructor(
    private readonly options: BulkPartOptions,
    private readonly store: BulkStore,
    private readonly work: BatchWork,
    private readonly patience: Patience = PATIENCE,
  ) {}

  get paused(): string | undefined {
    return this.#paused?.failure.detail;
  }

  /** Looks at once whether the job was cancelled. */
  wake(): void {
    this.#wake.abort();
  }

  /** Resolves when each entry has a result, or the agent stops. */
  async run(): Promise<void> {
    const { job, jail, signal } = this.options;
    while (!signal.aborted) {
      const position = this.store.positionOf(job.id, jail);
      if (position >= job.entries && this.#redo === undefined) return;
      if (await this.#endsEarly(position)) return;
      try {
        if (this.#redo === undefined) await this.#step(position);
        else await this.#again(this.#redo);
        // Bans with an end of their own are their keeper's to make again.
        if (this.#paused !== undefined && job.durationSeconds !== undefined) this.work.lookAfresh();
        this.#paused = undefined;
        await this.#wait(this.#pace.gapMs);
      } catch (error) {
        if (signal.aborted) return;
        await this.#afterFailure(toCommandError(error), position);
      }
    }
  }

  /** Whether the rest is not to be done: cancelled, too late, or not allowed any more. */
  async #endsEarly(position: number): Promise<boolean> {
    const end = this.#earlyEnd();
    if (end === undefined) return false;
    await this.#endWith(position, end);
    return true;
  }

  #earlyEnd(): Verdict | undefined {
    const { job } = this.options;
    if (this.store.find(job.id)?.state === 'cancelling')
      return { letter: 'c', code: 'bulk/cancelled', detail: 'Cancelled before this address' };
    if (Date.now() > job.deadlineMs) {
      const detail = 'The time for this list was over before this address; it was not touched';
      return { letter: 'f', code: 'bulk/expired', detail };
    }
    const denied = this.work.denied();
    return denied === undefined ? undefined : { letter: 'f', code: denied.code, detail: denied.detail };
  }

  async #endWith(position: number, end: Verdict): Promise<void> {
    const { job, jail, signal } = this.options;
    await this.#settle(position, end);
    if (!signal.aborted) this.#fill(this.store.positionOf(job.id, jail), end);
  }

  /** What fail2ban was told last, and never answered for, may be done all the same: nobody says it was not. */
  async #settle(position: number, end: Verdict): Promise<void> {
    const { job, jail } = this.options;
    const flight = this.store.flightOf(job.id, jail);
    if (flight?.position !== position) return;
    const { addresses, offset } = this.store.chunkAt(job.id, position);
    const batch = addresses.slice(offset, offset + flight.size);
    let outcomes: readonly (Verdict | undefined)[];
    try {
      outcomes = await this.work.outcomes(jail, batch);
    } catch (error) {
      if (this.options.signal.aborted) return;
      const { kind, code } = toCommandError(error);
      if (kind === 'bug') throw error;
      // With the jail its bans are gone.
      outcomes = batch.map(() => (code === 'jail/unknown' ? undefined : UNKNOWN));
    }
    this.store.transaction(() =>
      this.#record(
        position,
        outcomes.map((outcome) => outcome ?? end),
      ),
    );
  }

  async #step(position: number): Promise<void> {
    const { job, jail } = this.options;
    const flight = this.store.flightOf(job.id, jail);
    const { addresses, offset } = this.store.chunkAt(job.id, position);
    const size = flight?.position === position ? flight.size : this.#pace.size;
    const batch = addresses.slice(offset, offset + size);
    const done = await this.work.apply(jail, batch, {
      isResumed: flight !== undefined,
      onBegin: () => this.store.setFlight(job.id, jail, position, batch.length),
      onEnd: (verdicts) => this.#record(position, verdicts),
    });
    if (done.size > 0) this.#pace.measure(done.size, done.elapsedMs);
  }

  /** Results stay as they are: a ban that survived counts nothing. */
  async #again(redo: { at: number; readonly to: number }): Promise<void> {
    const { job, jail } = this.options;
    const { addresses, offset } = this.store.chunkAt(job.id, redo.at);
    const batch = addresses.slice(offset, Math.min(offset + this.#pace.size, offset + redo.to - redo.at));
    const done = await this.work.apply(jail, batch, { isResumed: true });
    if (done.size > 0) this.#pace.measure(done.size, done.elapsedMs);
    redo.at += batch.length;
    if (redo.at >= redo.to) this.#redo = undefined;
  }

  async #afterFailure(failure: CommandError, position: number): Promise<void> {
    const isJailAway = failure.code === 'jail/unknown';
    if (isJailAway || isAboutFail2ban(failure)) {
      this.#paused ??= { sinceMs: performance.now(), failure };
      this.#paused = { ...this.#paused, failure };
      const { direction, durationSeconds } = this.options.job;
      if (position > 0 && direction === 'ban' && durationSeconds === undefined) this.#redo = { at: 0, to: position };
      const patienceMs = isJailAway ? this.patience.jailMs : this.patience.fail2banMs;
      if (performance.now() - this.#paused.sinceMs > patienceMs) {
        this.#redo = undefined;
        const end: Verdict = { letter: 'f', code: failure.code, detail: failure.detail };
        await this.#endWith(position, end);
      } else await this.#wait(this.patience.retryMs);
      return;
    }
    if (failure.kind === 'bug') throw failure;
    if (this.#redo !== undefined) this.#redo = undefined;
    else if (this.store.flightOf(this.options.job.id, this.options.jail)?.size !== 1) {
      // One of them is what fail2ban does not like: which?
      this.#pace.shrink();
      this.store.setFlight(this.options.job.id, this.options.jail, position, 1);
    } else {
      this.store.transaction(() =>
        this.#record(position, [{ letter: 'f', code: failure.code, detail: failure.detail }]),
      );
    }
  }

  #record(position: number, verdicts: readonly Verdict[]): void {
    const { job, jail } = this.options;
    const failures = verdicts.flatMap(({ code, detail }, index) =>
      code === undefined ? [] : [{ from: position + index, to: position + index + 1, code, detail: detail ?? '' }],
    );
    const letters = verdicts.map(({ letter }) => letter).join('');
    this.store.addResults(job.id, jail, position, { letters, failures });
  }

  #fill(position: number, { letter, code = '', detail = '' }: Verdict): void {
    const { job, jail } = this.options;
    const rest = job.entries - position;
    if (rest <= 0) return;
    const failures = [{ from: position, to: job.entries, code, detail }];
    this.store.transaction(() =>
      this.store.addResults(job.id, jail, position, { letters: letter.repeat(rest), failures }),
    );
  }

  async #wait(ms: number): Promise<void> {
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
    const signal = AbortSignal.any([this.#wake.signal, this.options.signal]);
    await pause(ms, undefined, { signal }).catch(() => undefined);
  }
}
