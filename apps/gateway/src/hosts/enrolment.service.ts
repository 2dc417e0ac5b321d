import {
  answerEnrolment,
  checkEnrolmentRequest,
  createAgentId,
  createEnrolmentToken,
  enrolledPublicKeys,
  EnrolmentError,
  MAX_WRONG_TRIES,
  type EnrolmentAnswer,
  type EnrolmentRequest,
  type EnrolmentTokenRecord,
} from '@bailiff/agent-channel';
import type { EnrolmentTokenStatus } from '@bailiff/contracts/http';
import { Database, type EnrolmentToken } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { SYSTEM_ACTOR, type Actor } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { AgentChannel } from '../channel/agent-channel.js';
import { edgeAuthority, FleetOptions } from '../channel/fleet-options.js';
import { Presence } from '../channel/presence.js';
import { EnrolmentRate } from './enrolment-rate.js';
import { EnrolmentRateError, EnrolmentRefusedError, EnrolmentTokenError } from './enrolment.errors.js';
import { toHostInfo } from './host-info.js';
import { HostRegistry } from './host-registry.js';

/** A token's secret half is in `token` only; it is shown once and kept nowhere. */
export interface MadeToken {
  readonly id: string;
  readonly token: string;
  readonly expiresAtMs: number;
}

/** Lets hosts into the fleet by one-time tokens. */
@Injectable()
export class EnrolmentService {
  private readonly logger = new Logger(EnrolmentService.name);
  private readonly rate = new EnrolmentRate();

  constructor(
    private readonly database: Database,
    private readonly registry: HostRegistry,
    private readonly channel: AgentChannel,
    private readonly presence: Presence,
    private readonly options: FleetOptions,
    private readonly audit: AuditService,
  ) {}

  /** Makes a token for a host that an operator adds. */
  createTokenFor(actor: Actor): Promise<MadeToken> {
    return this.audit.act({ actor, action: 'enrolment.create-token' }, () => this.createToken(false));
  }

  /** Makes a token for the agent on the gateway's own machine. */
  createLocalToken(): Promise<MadeToken> {
    const act = { actor: SYSTEM_ACTOR, action: 'enrolment.create-token', target: 'the agent of this machine' };
    return this.audit.act(act, () => this.createToken(true));
  }

  private async createToken(isLocal: boolean): Promise<MadeToken> {
    const now = Date.now();
    const { token, record } = createEnrolmentToken({ now });
    const { id, verifierKey, expiresAt } = record;
    const row = { id, verifierKey, createdAtMs: now, expiresAtMs: expiresAt, usedAtMs: null, wrongTries: 0 };
    await this.database.withTransaction(({ enrolmentTokens }) =>
      enrolmentTokens.insert({ ...row, hostId: null, isLocal }),
    );
    return { id, token, expiresAtMs: expiresAt };
  }

  /** @throws {EnrolmentTokenError} when there never was such a token, or it is long gone */
  async tokenStatus(id: string): Promise<EnrolmentTokenStatus> {
    const token = await this.database.read.enrolmentTokens.find(id);
    if (token === null) throw new EnrolmentTokenError('There is no such token');
    const { hostId, expiresAtMs } = token;
    const host = hostId === null ? null : await this.database.read.hosts.find(hostId);
    if (host === null) return { id, state: expiresAtMs > Date.now() ? 'open' : 'expired', host: null };
    const state = { pending: 'pending', active: 'enrolled', revoked: 'expired' } as const;
    return { id, state: state[host.state], host: toHostInfo(host, this.presence.isOnline(host.agentId)) };
  }

  /**
   * Answers an agent's enrolment request. Public: the proof of the token's secret is the only credential.
   * @throws {EnrolmentRateError} {@link EnrolmentRefusedError} {@link EnrolmentTokenError} {@link EdgeUnavailableError}
   */
  async enrol(body: unknown, clientAddress: string): Promise<EnrolmentAnswer> {
    const waitSeconds = this.rate.take(clientAddress, Date.now());
    if (waitSeconds !== undefined) throw new EnrolmentRateError(waitSeconds);
    const token = await this.tokenOf(body);
    const record = recordOf(token);
    const actor = { ...SYSTEM_ACTOR, address: clientAddress };
    const request = await this.check(record, body, actor);
    const hostId = createAgentId();
    const { hostName: hostname, redisPasswordSha256 } = request;
    const newcomer = { hostId, hostname, keys: enrolledPublicKeys(request), redisPasswordSha256 };
    const host = { id: hostId, name: hostname };
    await this.audit.act({ actor, action: 'host.enrol', host, target: `token ${token.id}` }, () =>
      this.registry.admit(newcomer, token, MAX_WRONG_TRIES),
    );
    this.logger.log({ hostId, hostname, clientAddress }, 'host enrolled');
    const gateway = this.channel.publicKeys();
    const redis = { url: this.options.edgePublicUrl, ...edgeAuthority(this.options) };
    return answerEnrolment({ record, request, agentId: hostId, gateway, redis });
  }

  private async tokenOf(body: unknown): Promise<EnrolmentToken> {
    const id: unknown = typeof body === 'object' && body !== null && 'tokenId' in body ? body.tokenId : undefined;
    if (typeof id !== 'string' || !/^[0-9a-f]{16}$/.test(id))
      throw new EnrolmentRefusedError('Not an enrolment request');
    const token = await this.database.read.enrolmentTokens.find(id);
    if (token === null) throw new EnrolmentTokenError('The token is not known');
    return token;
  }

  private async check(record: EnrolmentTokenRecord, body: unknown, actor: Actor): Promise<EnrolmentRequest> {
    try {
      return checkEnrolmentRequest({ record, request: body, now: Date.now() });
    } catch (error) {
      if (!(error instanceof EnrolmentError)) throw error;
      if (error.fault === 'wrong-secret') await this.noteWrongTry(record.id, actor);
      if (error.fault === 'malformed') throw new EnrolmentRefusedError(error.message, { cause: error });
      throw new EnrolmentTokenError(error.message, { cause: error });
    }
  }

  private async noteWrongTry(id: string, actor: Actor): Promise<void> {
    await this.database.withTransaction(async (repositories) => {
      await repositories.enrolmentTokens.addWrongTry(id);
      const end = { result: 'failed', code: 'enrolment/token-invalid' } as const;
      await this.audit.record(repositories, { actor, action: 'host.enrol', target: `token ${id}, wrong secret` }, end);
    });
  }
}

function recordOf({ id, verifierKey, expiresAtMs, wrongTries, usedAtMs }: EnrolmentToken): EnrolmentTokenRecord {
  return { id, verifierKey, expiresAt: expiresAtMs, wrongTries, used: usedAtMs !== null };
}
