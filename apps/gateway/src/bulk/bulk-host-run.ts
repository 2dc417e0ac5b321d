import { CommandRefusedError } from '@bailiff/agent-channel';
import type { BulkReport } from '@bailiff/contracts/agent';
import type { BulkFailure, BulkJob, BulkPart, BulkPartChange, Database } from '@bailiff/persistence';
import { setTimeout as pause } from 'node:timers/promises';
import type { AgentCommands } from '../channel/agent-commands.js';
import { CommandFailedError } from '../channel/command-failure.js';
import { HandOver, LIFE_SECONDS } from './hand-over.js';
import { areResultLetters, isEnded } from './part-results.js';

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

const NOTHING_DONE = 'Nothing was done.';

/** One host's share of a job: handed over once, then asked how it goes until every entry has its result. */
export class BulkHostRun {
  private readonly hostId: string;
  private readonly handOver: HandOver;
  private wakeUp = new AbortController();
  private isCancelTold = false;

  /** @param isResumed whether another gateway, or this one before its restart, may have told the host of it */
  constructor(
    private readonly job: BulkJob,
    private readonly parts: BulkPart[],
    private readonly tools: HostRunTools,
    private readonly signal: AbortSignal,
    private readonly isResumed: boolean,
  ) {
    this.hostId = parts[0]?.hostId ?? '';
    this.handOver = new HandOver(job, this.hostId, tools, isResumed);
  }

  /** Looks at once whether the job was cancelled. */
  wake(): void {
    this.wakeUp.abort();
  }

  /** Resolves when nothing more will happen on this host, or the gateway stops. */
  async run(): Promise<void> {
    while (this.open.length > 0 && !this.signal.aborted) {
      let waitMs: number;
      try {
        waitMs = await this.goOn();
      } catch (error) {
        if (!(error instanceof CommandFailedError)) throw error;
        if (await this.isOver(error)) return;
        waitMs = ASK_AWAY_MS;
      }
      if (this.open.length > 0) await this.wait(waitMs);
    }
  }

  private get open(): BulkPart[] {
    return this.parts.filter((part) => !isEnded(part));
  }

  private get ageMs(): number {
    return Date.now() - (this.job.startedAtMs ?? 0);
  }

  /** One step. @returns how long to wait before the next, milliseconds */
  private async goOn(): Promise<number> {
    const isCancelling = await this.isCancelling();
    if (this.open.some(({ state }) => state === 'sending')) {
      if (this.ageMs > HAND_OVER_MS) await this.giveUpHandingOver();
      else if (!isCancelling) await this.send();
      else if (!this.isResumed) await this.end('cancelled', 'bulk/cancelled', 'Cancelled before it began');
      else {
        await this.tellCancel();
        await this.isAccepted();
      }
      return 0;
    }
    if (isCancelling) await this.tellCancel();
    return (await this.gather()) ? ASK_EVERY_MS : ASK_IDLE_MS;
  }

  /** Gives the host its share. */
  private async send(): Promise<void> {
    try {
      const jails = this.open.map(({ jail }) => jail);
      const isWanted = async () => !this.signal.aborted && !(await this.isCancelling());
      if (!(await this.handOver.attempt(jails, isWanted))) return;
    } catch (error) {
      if (!(error instanceof CommandFailedError)) throw error;
      // It may have begun: the host will say.
      const hasMaybeBegun = this.handOver.isWhole && error.isOutcomeUnknown;
      if (!hasMaybeBegun && this.handOver.canWait(error)) throw error;
      if (!hasMaybeBegun) return this.end('failed', error.code, untouched(error.detail));
    }
    await this.isAccepted();
  }

  /** Too late: what the host has not begun by now it never will. */
  private async giveUpHandingOver(): Promise<void> {
    const [part] = this.open;
    if (this.isResumed && part !== undefined) {
      const { state } = await this.report(part);
      if (state !== 'receiving') return this.isAccepted();
      await this.tellCancel();
    }
    await this.end('failed', 'agent/offline', `The list could not be handed over in time. ${NOTHING_DONE}`);
  }

  private async isAccepted(): Promise<void> {
    for (const part of this.open) await this.change(part, { state: 'running', detail: null, heardAtMs: Date.now() });
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
        if (report.state === 'receiving') return await this.startAgain();
        const { length } = report.results;
        await this.take(part, report);
        isNew ||= length > 0;
        isMore = length > 0 && !isEnded(part);
      }
    }
    return isNew;
  }

  /** The word to start was lost on its way. */
  private async startAgain(): Promise<boolean> {
    if (this.ageMs > HAND_OVER_MS) await this.giveUpHandingOver();
    else if (!this.isCancelTold) await this.tools.commands.command(this.hostId, 'bulk.start', { jobId: this.job.id });
    return false;
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
    let told = from;
    const known = failures.flatMap((run): BulkFailure[] => {
      const [fromPosition, toPosition] = [Math.max(told, Math.trunc(run.from)), Math.min(to, Math.trunc(run.to))];
      if (!(fromPosition < toPosition)) return [];
      told = toPosition;
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
    const isTaken = await this.tools.database.withTransaction(async ({ bulk }) => {
      if (results !== '' && !(await bulk.addResults(this.job.id, part.number, from, results, known))) return false;
      return bulk.changePart(this.job.id, part.number, { ...next, heardAtMs });
    });
    if (isTaken) Object.assign(part, next, { heardAtMs, results: part.results + results });
    else await this.readAgain(part);
    this.tools.changed();
  }

  /** Another gateway took this part on as well: what it stored is what counts. */
  private async readAgain(part: BulkPart): Promise<void> {
    const stored = await this.tools.database.read.bulk.parts(this.job.id);
    Object.assign(part, stored[part.number]);
  }

  /** Whether an error ends this host's share; if not, it is asked again. */
  private async isOver(error: CommandFailedError): Promise<boolean> {
    const end = await this.endBy(error);
    if (end !== undefined) await this.end(...end);
    else if (error.code !== 'agent/outcome-unknown')
      for (const part of this.open) {
        const isHandedOver = part.state !== 'sending';
        const wait = {
          state: isHandedOver ? ('waiting' as const) : part.state,
          detail: this.waitText(error, isHandedOver),
        };
        if (part.state !== wait.state || part.detail !== wait.detail) await this.change(part, { ...wait, code: null });
      }
    return end !== undefined;
  }

  private async endBy({
    cause,
    code,
    detail,
  }: CommandFailedError): Promise<Parameters<BulkHostRun['end']> | undefined> {
    const refusal = cause instanceof CommandRefusedError ? cause.code : undefined;
    const isSending = this.open.some(({ state }) => state === 'sending');
    if (refusal === 'bulk/unknown' && isSending)
      return (await this.isCancelling())
        ? ['cancelled', 'bulk/cancelled', 'Cancelled before it began']
        : ['failed', 'agent/offline', `The list could not be handed over in time. ${NOTHING_DONE}`];
    if (refusal === 'bulk/unknown')
      return [
        'failed',
        'agent/failed',
        'The host does not know of this list any more; what was done before stays done',
      ];
    if (refusal === 'bulk/conflict') return ['failed', 'agent/failed', detail];
    if (this.ageMs > GIVE_UP_MS)
      return ['failed', 'agent/outcome-unknown', 'The host was not heard of in time; it may have carried on by itself'];
    if (code !== 'agent/offline') return undefined;
    const [host] = await this.tools.database.read.hosts.listByIds([this.hostId]);
    if (host !== undefined && host.state !== 'revoked') return undefined;
    return [
      'failed',
      'host/revoked',
      'The host was revoked; what it did of the list since it was last heard of is not known',
    ];
  }

  private waitText({ code }: CommandFailedError, isHandedOver: boolean): string {
    const isHere = code !== 'agent/offline';
    if (isHandedOver)
      return isHere
        ? 'The host did not answer; it accepted the list and carries on by itself'
        : 'The host can’t be heard; it accepted the list and carries on by itself';
    if (this.ageMs > HAND_OVER_MS) return 'The host can’t be heard; whether it has this list is not known';
    return isHere
      ? 'The console has no connection to its hosts; the list is handed over when it is back'
      : 'The host can’t be heard; the list is handed over when it is back';
  }

  /** Ends every open part. */
  private async end(state: 'failed' | 'cancelled', code: string, detail: string): Promise<void> {
    for (const part of this.open) await this.change(part, { state, code, detail });
  }

  private async change(part: BulkPart, change: BulkPartChange): Promise<void> {
    const { id } = this.job;
    const isOpen = await this.tools.database.withTransaction(({ bulk }) => bulk.changePart(id, part.number, change));
    if (isOpen) Object.assign(part, change);
    else await this.readAgain(part);
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

/** That nothing happened is said once. */
function untouched(detail: string): string {
  return detail.includes('Nothing was changed.') ? detail : `${detail} ${NOTHING_DONE}`;
}
