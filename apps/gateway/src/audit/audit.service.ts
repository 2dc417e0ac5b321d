import type { AuditResult } from '@bailiff/contracts/http';
import { currentCorrelationId } from '@bailiff/nest-kit';
import { Database, type Repositories } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { GatewayInstanceId } from './gateway-instance-id.js';

/** What is about to be done. */
export interface AuditAct {
  readonly actor: Pick<Actor, 'name' | 'address'>;
  /** Verb phrase, e.g. `ban.apply`. */
  readonly action: string;
  readonly host?: { readonly id: string; readonly name: string };
  /** What it is done to, short text. */
  readonly target?: string;
  readonly before?: object;
  /** What it is to become. Never secrets. */
  readonly after?: object;
}

/** How it ended. */
export interface AuditEnd {
  readonly result: Exclude<AuditResult, 'pending'>;
  /** Problem code when it failed. */
  readonly code?: string | null;
  /** Replaces the intended `after`. */
  readonly after?: object;
}

const TARGET_MAX = 500;

/** Writes the audit log: every state-changing act is written down before it is tried, and completed afterwards. */
@Injectable()
export class AuditService {
  constructor(
    private readonly database: Database,
    private readonly instance: GatewayInstanceId,
  ) {}

  /** Writes the intent. Should this gateway die, others end it as unknown. @returns its id, for {@link complete} */
  begin(act: AuditAct): Promise<number> {
    return this.database.withTransaction((repositories) => this.beginIn(repositories, act, this.instance.id));
  }

  /** Writes how an act ended. */
  async complete(id: number, end: AuditEnd): Promise<void> {
    await this.database.withTransaction((repositories) => this.completeIn(repositories, id, end));
  }

  /** Does something and writes both. The error's `code` is kept and the error thrown on. */
  async act<T>(act: AuditAct, work: () => Promise<T>): Promise<T> {
    const id = await this.begin(act);
    let outcome: T;
    try {
      outcome = await work();
    } catch (error) {
      await this.complete(id, { result: 'failed', code: codeOf(error) });
      throw error;
    }
    await this.complete(id, { result: 'ok' });
    return outcome;
  }

  /** Writes an act that is part of the caller's transaction: both happen or neither. */
  async record(repositories: Repositories, act: AuditAct, end: AuditEnd = { result: 'ok' }): Promise<void> {
    await this.completeIn(repositories, await this.beginIn(repositories, act, null), end);
  }

  private beginIn({ audit }: Repositories, act: AuditAct, waiter: string | null): Promise<number> {
    const intent = {
      atMs: Date.now(),
      actor: act.actor.name,
      address: act.actor.address,
      action: act.action,
      hostId: act.host?.id ?? null,
      hostName: act.host?.name ?? null,
      target: act.target?.slice(0, TARGET_MAX) ?? null,
      before: act.before ?? null,
      after: act.after ?? null,
      correlationId: currentCorrelationId(),
    };
    return audit.begin(intent, waiter);
  }

  private async completeIn(
    { audit }: Repositories,
    id: number,
    { result, code = null, after }: AuditEnd,
  ): Promise<void> {
    const completedAtMs = Date.now();
    await audit.complete(id, { result, code, completedAtMs, ...(after === undefined ? {} : { after }) });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'internal/unexpected';
}
