import { CommandRefusedError } from '@bailiff/agent-channel';
import { BULK_CHUNK_SIZE, type BulkReport } from '@bailiff/contracts/agent';
import type { BulkFailure, BulkJob, BulkPart, BulkPartChange, Database } from '@bailiff/persistence';
import { setTimeout as pause } from 'node:timers/promises';
import type { AgentCommands } from '../channel/agent-commands.js';
import { CommandFailedError } from '../channel/command-failure.js';
import { areResultLetters, isEnded } from './part-results.js';

/** A host gets this long for its share, seconds: what is not done by then is not done later. */
const LIFE_SECONDS = 6 * 3_600;
/** A host that can't be heard is waited for a little longer than its share may last. */
const GIVE_UP_MS = (LIFE_SECONDS + 900) * 1_000;
/** A list that was not handed over within this time never is. */
const HAND_OVER_MS = 600_000;
const ASK_EVERY_MS = 250;
const ASK_IDLE_MS = 1_000;
const ASK_AWAY_MS = 2_000;

/** What a run needs of the gateway. */
export interface HostRunTools {
  readonly database: Database;
  readonly commands: AgentCommands;
  /** Something was written. */
  changed(): void;
}

/** One host's share of a job: handed over once, then asked how it goes until every entry has its result. */
export class BulkHostRun {
  private readonly hostId: string;
  private wakeUp = new AbortController();
  private isCancelTold = false;

  constructor(
    private readonly job: BulkJob,
    private readonly parts: BulkPart[],
    private readonly tools: HostRunTools,
    private readonly signal: AbortSignal,
  ) {
    this.hostId = parts[0]?.hostId ?? '';
  }

  /** Looks at once whether the job was cancelled. */
  wake(): void {
    this.wakeUp.abort();
  }

  /** Resolves when nothing more will happen on this host, or the gateway stops. */
  async run(): Promise<void> {
    if (this.open.some(({ state }) => state === 'sending') && !(await this.handOver())) return;
    while (this.open.length > 0 && !this.signal.aborted) {
      let waitMs: number;
      try {
        if (await this.isCancelling()) await this.tellCancel();
        waitMs = (await this.gather()) ? ASK_EVERY_MS : ASK_IDLE_MS;
      } catch (error) {
        if (!(error instanceof CommandFailedError)) throw error;
        if (await this.isOver(error)) return;
        waitMs = ASK_AWAY_MS;
      }
      await this.wait(waitMs);
    }
  }

  private get open(): BulkPart[] {
    return this.parts.filter((part) => !isEnded(part));
  }

  /** Gives the host its share. Whether there is anything to wait for now. */
  private async handOver(): Promise<boolean> {
    const { commands } = this.tools;
    const { id: jobId, direction, entries } = this.job;
    const jails = this.open.map(({ jail }) => jail);
    if (Date.now() - (this.job.startedAtMs ?? 0) > HAND_OVER_MS) {
      const detail = 'The console was away when this was to be handed over; nothing was done';
      return this.end('failed', 'agent/offline', detail);
    }
    try {
      await commands.command(this.hostId, 'bulk.begin', {
        jobId,
        direction,
        jails,
        entries,
        lifeSeconds: LIFE_SECONDS,
      });
      for (let index = 0; index * BULK_CHUNK_SIZE < entries; index += 1) {
        if (this.signal.aborted) return false;
        if (await this.isCancelling())
          return await this.end('cancelled', 'bulk/cancelled', 'Cancelled before it began');
        const body = (await this.tools.database.read.bulk.chunk(jobId, 'entries', index)) ?? '';
        await commands.command(this.hostId, 'bulk.chunk', { jobId, index, addresses: body.split('\n') });
      }
    } catch (error) {
      if (error instanceof CommandFailedError)
        return this.end('failed', error.code, `${error.detail} Nothing was done.`);
      throw error;
    }
    try {
      await commands.command(this.hostId, 'bulk.start', { jobId });
    } catch (error) {
      if (!(error instanceof CommandFailedError)) throw error;
      // It may have begun: the host will say.
      if (!error.isOutcomeUnknown) return this.end('failed', error.code, error.detail);
    }
    for (const part of this.open) await this.change(part, { state: 'running', heardAtMs: Date.now() });
    return true;
  }

  private async isCancelling(): Promise<boolean> {
    return (await this.tools.database.read.bulk.find(this.job.id))?.state === 'cancelling';
  }

  private async tellCancel(): Promise<void> {
    if (this.isCancelTold) return;
    await this.tools.commands.command(this.hostId, 'bulk.cancel', { jobId: this.job.id });
    this.isCancelTold = true;
  }

  /** Asks for what is new in every part. Whether anything was. */
  private async gather(): Promise<boolean> {
    let isNew = false;
    for (const part of this.open) {
      for (let isMore = true; isMore && !this.signal.aborted;) {
        const report = await this.report(part);
        const { length } = report.results;
        await this.take(part, report);
        isNew ||= length > 0;
        isMore = length > 0 && !isEnded(part);
      }
    }
    return isNew;
  }

  private async report(part: BulkPart): Promise<BulkReport> {
    const from = part.results.length;
    const args = { jobId: this.job.id, jail: part.jail, from };
    const report = await this.tools.commands.command(this.hostId, 'bulk.report', args);
    const isSound = report.from === from && areResultLetters(report.results) && Array.isArray(report.failures);
    if (isSound && from + report.results.length <= this.job.entries) return report;
    throw new CommandFailedError(this.hostId, 'agent/failed', 'bug', 'The host’s report of this list makes no sense.');
  }

  private async take(part: BulkPart, { state, detail, results, failures }: BulkReport): Promise<void> {
    const [from, to] = [part.results.length, part.results.length + results.length];
    const known = failures.flatMap((run): BulkFailure[] => {
      const [fromPosition, toPosition] = [Math.max(from, Math.trunc(run.from)), Math.min(to, Math.trunc(run.to))];
      if (!(fromPosition < toPosition)) return [];
      const [code, reason] = [String(run.code).slice(0, 100), String(run.detail).toWellFormed().slice(0, 1_000)];
      return [{ jobId: this.job.id, part: part.number, fromPosition, toPosition, code, detail: reason }];
    });
    const isWhole = to === this.job.entries;
    const isCutShort = state === 'ended' && !isWhole && results === '';
    const next = isWhole
      ? endOf(results || part.results, known)
      : isCutShort
        ? { state: 'cancelled' as const, code: 'bulk/cancelled', detail: 'Ended before this address' }
        : {
            state: 'running' as const,
            code: null,
            detail: state === 'paused' || state === 'queued' ? pauseText(state, detail) : null,
          };
    const isQuiet = results === '' && next.state === part.state && next.detail === part.detail;
    const heardAtMs = Date.now();
    if (isQuiet && heardAtMs - (part.heardAtMs ?? 0) < 5_000) return;
    await this.tools.database.withTransaction(async ({ bulk }) => {
      if (results !== '' && !(await bulk.addResults(this.job.id, part.number, from, results, known))) return;
      await bulk.changePart(this.job.id, part.number, { ...next, heardAtMs });
    });
    Object.assign(part, next, { heardAtMs, results: part.results + results });
    this.tools.changed();
  }

  /** Whether an error ends this host's share; if not, it is asked again. */
  private async isOver(error: CommandFailedError): Promise<boolean> {
    const { cause } = error;
    if (cause instanceof CommandRefusedError && cause.code === 'bulk/unknown') {
      await this.end(
        'failed',
        'agent/failed',
        'The host does not know of this list any more; what was done before stays done',
      );
      return true;
    }
    if (Date.now() - (this.job.startedAtMs ?? 0) > GIVE_UP_MS) {
      await this.end(
        'failed',
        'agent/outcome-unknown',
        'The host was not heard of in time; it may have carried on by itself',
      );
      return true;
    }
    if (error.code !== 'agent/outcome-unknown')
      for (const part of this.open)
        if (part.state !== 'waiting')
          await this.change(part, { state: 'waiting', code: null, detail: waitText(error) });
    return false;
  }

  /** Ends every open part; always false: nothing is to be waited for. */
  private async end(state: 'failed' | 'cancelled', code: string, detail: string): Promise<false> {
    for (const part of this.open) await this.change(part, { state, code, detail });
    return false;
  }

  private async change(part: BulkPart, change: BulkPartChange): Promise<void> {
    await this.tools.database.withTransaction(({ bulk }) => bulk.changePart(this.job.id, part.number, change));
    Object.assign(part, change);
    this.tools.changed();
  }

  private async wait(ms: number): Promise<void> {
    if (this.wakeUp.signal.aborted) this.wakeUp = new AbortController();
    const signal = AbortSignal.any([this.wakeUp.signal, this.signal]);
    await pause(ms, undefined, { signal }).catch(() => undefined);
  }
}

/** State of a part whose every entry has a letter: how its last entries ended. */
function endOf(results: string, failures: readonly BulkFailure[]): BulkPartChange {
  const last = results.at(-1);
  const reason = failures.at(-1);
  const { code, detail } = reason ?? { code: null, detail: null };
  if (last === 'c') return { state: 'cancelled', code, detail };
  // One address that fail2ban refused is no failure of the whole; a rest that was not tried is.
  if (last === 'f' && reason !== undefined && reason.toPosition - reason.fromPosition > 1)
    return { state: 'failed', code, detail };
  return { state: 'done', code: null, detail: null };
}

function pauseText(state: 'paused' | 'queued', detail: string | null): string {
  if (state === 'queued') return 'Behind another list on this host';
  return `Waiting for fail2ban: ${String(detail ?? '').slice(0, 500)}`;
}

function waitText({ code }: CommandFailedError): string {
  if (code === 'agent/offline') return 'The host can’t be heard; it accepted the list and carries on by itself';
  return 'The host did not answer; it accepted the list and carries on by itself';
}
