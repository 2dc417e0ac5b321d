import { CommandError } from '../errors/call.errors.js';
import { type Answer, refusal } from './answer.js';
import type { VerifiedCommand } from './agent-options.js';
import type { CommandJournal, CommandOutcome } from './command-journal.js';

const READS_BESIDE = 4;
const MAX_QUEUED = 10_000;

export interface LaneCommand extends VerifiedCommand {
  /** Last moment to begin, and last moment an answer is of use, milliseconds by the gateway's clock. */
  readonly exp: number;
  readonly until: number;
}

export interface CommandLanesOptions {
  readonly journal: CommandJournal;
  run(command: VerifiedCommand, signal: AbortSignal): Promise<unknown>;
  isRead(cmd: string): boolean;
  /** Gateway time, milliseconds. */
  now(): number;
  answer(answer: Answer): void;
  onError(error: Error): void;
}

interface Lane {
  readonly width: number;
  readonly queue: LaneCommand[];
  running: number;
}

/** Runs commands: mutations strictly one at a time, in order; at most four reads beside them. */
export class CommandLanes {
  private readonly mutations: Lane = { width: 1, queue: [], running: 0 };
  private readonly reads: Lane = { width: READS_BESIDE, queue: [], running: 0 };
  private readonly active = new Map<string, AbortController>();

  constructor(private readonly o: CommandLanesOptions) {}

  submit(command: LaneCommand): void {
    const lane = this.o.isRead(command.cmd) ? this.reads : this.mutations;
    if (lane.queue.length >= MAX_QUEUED) {
      this.o.answer(refusal(command.id, command.until, 'busy', 'Too many commands are waiting'));
      return;
    }
    this.active.set(command.id, new AbortController());
    lane.queue.push(command);
    this.advance(lane);
  }

  /** Whether a command waits or runs. */
  has(id: string): boolean {
    return this.active.has(id);
  }

  /** Asks a command to stop; one that still waits will not begin. False when there is none. */
  cancel(id: string): boolean {
    const controller = this.active.get(id);
    controller?.abort();
    return controller !== undefined;
  }

  /** Aborts what runs and forgets what waits. */
  stop(): void {
    this.reads.queue.length = 0;
    this.mutations.queue.length = 0;
    for (const controller of this.active.values()) controller.abort();
  }

  private advance(lane: Lane): void {
    while (lane.running < lane.width) {
      const command = lane.queue.shift();
      if (command === undefined) return;
      lane.running += 1;
      void this.perform(command, lane === this.mutations).finally(() => {
        lane.running -= 1;
        this.advance(lane);
      });
    }
  }

  private async perform(command: LaneCommand, isMutation: boolean): Promise<void> {
    const { id, until } = command;
    const signal = this.active.get(id)?.signal ?? AbortSignal.abort();
    try {
      const early = await this.obstacle(command, signal, isMutation);
      if (early === 'silent') return;
      if (early !== undefined) {
        this.o.answer(early);
        return;
      }
      const outcome = await this.outcomeOf(command, signal);
      if (isMutation) {
        await this.o.journal.finish(id, { state: 'done', ...outcome } satisfies CommandOutcome).catch(this.report);
      }
      this.o.answer({ re: id, until, outcome });
    } finally {
      this.active.delete(id);
    }
  }

  /** Judged again at the head of the queue: a command that waited too long must not run after all. */
  private async obstacle(
    command: LaneCommand,
    signal: AbortSignal,
    isMutation: boolean,
  ): Promise<Answer | 'silent' | undefined> {
    const { id, cmd, exp, until } = command;
    if (signal.aborted) return refusal(id, until, 'cancelled', 'Cancelled before it began');
    if (this.o.now() > exp) return refusal(id, until, 'expired', 'Expired before it began');
    if (!isMutation) return undefined;
    try {
      // Silent when it began before: saying "refused" about a command that may have run would be a lie.
      return (await this.o.journal.begin(id, cmd)) === 'new' ? undefined : 'silent';
    } catch (cause) {
      this.report(cause);
      return refusal(id, until, 'journal', 'The command could not be noted, so it was not run');
    }
  }

  private async outcomeOf(command: LaneCommand, signal: AbortSignal): Promise<Answer['outcome']> {
    const { id, cmd, args, correlationId } = command;
    try {
      const result = await this.o.run({ id, cmd, args, correlationId }, signal);
      return { ok: true, result: result ?? null };
    } catch (error) {
      if (error instanceof CommandError) {
        const { code, kind, detail, data } = error;
        return { ok: false, err: { code, kind, detail, ...(data === undefined ? {} : { data }) } };
      }
      this.report(error);
      return { ok: false, err: { code: 'agent/internal', kind: 'bug', detail: 'Unexpected error in the agent' } };
    }
  }

  private readonly report = (error: unknown): void => {
    this.o.onError(error instanceof Error ? error : new CommandError('agent/internal', String(error), 'bug'));
  };
}
