import { JailActReport, JailPreviewAnswer } from '@bailiff/contracts/agent';
import { PROBLEM_CODES, type JailAct, type JailActPreview, type JailActState } from '@bailiff/contracts/http';
import { Database } from '@bailiff/persistence';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Actor } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { AgentCommands } from '../channel/agent-commands.js';
import { CommandFailedError } from '../channel/command-failure.js';
import { usableHost } from '../hosts/usable-host.js';
import { LiveFeed } from '../live/live-feed.js';
import { checkedAnswer } from './agent-answer.js';
import { JailActEvents } from './jail-act-events.js';

/** An act this gateway began and whose end is still to be written down. */
interface OpenAct {
  readonly hostId: string;
  readonly auditId: number;
  readonly beganMs: number;
  timer: NodeJS.Timeout | undefined;
}

/** Events tell how an act goes; one that was lost is made up for by asking, milliseconds. */
const ASK_AGAIN_MS = 5_000;
/** An agent that knows nothing of an act any more for so long will not tell its end. */
const GIVE_UP_MS = 6 * 3_600_000;

/** Start, stop, idle, reload, restart: what would happen, doing it, and how it goes. */
@Injectable()
export class JailActsService implements OnApplicationShutdown {
  private readonly logger = new Logger(JailActsService.name);
  private readonly open = new Map<string, OpenAct>();

  constructor(
    private readonly database: Database,
    private readonly commands: AgentCommands,
    private readonly audit: AuditService,
    private readonly feed: LiveFeed,
    events: JailActEvents,
  ) {
    events.listen((hostId, report) => this.heard(hostId, report));
  }

  onApplicationShutdown(): void {
    for (const { timer } of this.open.values()) clearTimeout(timer);
    this.open.clear();
  }

  /** What an act would do; nothing is changed. @throws {CommandFailedError} {@link UnknownHostError} */
  async preview(hostId: string, act: JailAct): Promise<JailActPreview> {
    await usableHost(this.database, hostId);
    const answer = await this.commands.command(hostId, 'jails.preview', { ...act });
    return checkedAnswer(hostId, JailPreviewAnswer, answer);
  }

  /**
   * Begins an act. Its end is in the answer when it came soon, else in the live feed and in {@link state}.
   * @throws {CommandFailedError} when it was refused: nothing was changed
   */
  async begin(actor: Actor, hostId: string, act: JailAct): Promise<JailActState> {
    const host = await usableHost(this.database, hostId);
    const { jail, ...how } = act;
    const id = randomUUID();
    const auditId = await this.audit.begin({
      actor,
      action: `jail.${act.act}`,
      host,
      target: jail ?? 'every jail',
      after: { ...how, ...(jail === undefined ? {} : { jail }) },
    });
    const open: OpenAct = { hostId, auditId, beganMs: Date.now(), timer: undefined };
    this.open.set(id, open);
    try {
      const answer = await this.commands.command(hostId, 'jails.act', { ...act, id });
      const report = checkedAnswer(hostId, JailActReport, answer);
      this.heard(hostId, report);
      this.askLater(id, open);
      return toState(hostId, report);
    } catch (error) {
      if (!(error instanceof CommandFailedError)) {
        await this.close(id, { result: 'unknown', code: 'internal/unexpected' });
        throw error;
      }
      // Nobody knows whether it began: the agent is asked until it tells.
      if (error.isOutcomeUnknown) this.askLater(id, open);
      else await this.close(id, { result: 'failed', code: error.code });
      throw error;
    }
  }

  /** How an act goes. @throws {CommandFailedError} `request/not-found` when its agent knows nothing of it */
  async state(hostId: string, id: string): Promise<JailActState> {
    await usableHost(this.database, hostId);
    const answer = await this.commands.command(hostId, 'jails.act-state', { id });
    const report = checkedAnswer(hostId, JailActReport, answer);
    this.heard(hostId, report);
    return toState(hostId, report);
  }

  private heard(hostId: string, report: JailActReport): void {
    this.feed.publish({ type: 'jail_act', act: toState(hostId, report) });
    if (report.state === 'running' || this.open.get(report.id)?.hostId !== hostId) return;
    const { state, code, bannedBefore, bannedNow, lostJails } = report;
    const after = { act: report.act, jail: report.jail, bannedBefore, bannedNow, lostJails: lostJails.slice(0, 50) };
    void this.close(report.id, { result: state === 'done' ? 'ok' : 'failed', code: knownCode(code), after });
  }

  private askLater(id: string, open: OpenAct): void {
    if (this.open.get(id) !== open) return;
    clearTimeout(open.timer);
    open.timer = setTimeout(() => void this.ask(id, open), ASK_AGAIN_MS);
    open.timer.unref();
  }

  private async ask(id: string, open: OpenAct): Promise<void> {
    try {
      await this.state(open.hostId, id);
    } catch (error) {
      const isForgotten = error instanceof CommandFailedError && error.code === 'request/not-found';
      if (isForgotten || Date.now() - open.beganMs > GIVE_UP_MS) {
        await this.close(id, { result: 'unknown', code: 'agent/outcome-unknown' });
        return;
      }
      if (!(error instanceof CommandFailedError)) this.logger.warn({ err: error }, 'state of an act not asked');
    }
    this.askLater(id, open);
  }

  private async close(id: string, end: Parameters<AuditService['complete']>[1]): Promise<void> {
    const open = this.open.get(id);
    if (open === undefined) return;
    this.open.delete(id);
    clearTimeout(open.timer);
    try {
      await this.audit.complete(open.auditId, end);
    } catch (error) {
      this.logger.error({ err: error, id }, 'the end of an act was not written into the audit log');
    }
  }
}

function toState(hostId: string, report: JailActReport): JailActState {
  return { ...report, hostId, code: knownCode(report.code) };
}

/** An agent's code when it is one of the API's. */
function knownCode(code: string | null): string | null {
  return code === null ? null : (PROBLEM_CODES.find((known) => known === code) ?? 'agent/failed');
}
