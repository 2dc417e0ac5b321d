import {
  type ApiTokenInfo,
  type ApiTokenRequest,
  type CreatedApiToken,
  type Scope,
  SCOPES,
} from '@bailiff/contracts/http';
import { type ApiToken, Database } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Notices } from '../core/notices.js';
import { NotFoundError } from '../core/not-found.error.js';
import type { Actor } from './actor.js';
import { AuthRequiredError } from './auth.errors.js';
import { Remembered } from './remembered.js';
import { createId, createSecret, hashSecret } from './secrets.js';

const PREFIX = 'blf_';
const SHAPE = /^blf_[A-Za-z0-9_-]{43}$/;
const REMEMBERED_MS = 10_000;
const TOUCH_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;

/** Credentials for automation. */
@Injectable()
export class ApiTokensService {
  private readonly logger = new Logger(ApiTokensService.name);
  private readonly good = new Remembered<ApiToken>(REMEMBERED_MS);

  constructor(
    private readonly database: Database,
    private readonly audit: AuditService,
    private readonly notices: Notices,
  ) {
    notices.listen('tokens', () => this.good.clear());
  }

  /** Makes a token. The answer is the only one that ever holds it. */
  async create(actor: Actor, { name, scopes, expiresInDays }: ApiTokenRequest): Promise<CreatedApiToken> {
    const now = Date.now();
    const secret = `${PREFIX}${createSecret()}`;
    const token: ApiToken = {
      id: createId(),
      name,
      tokenHash: hashSecret(secret),
      scopes: SCOPES.filter((scope) => scopes.includes(scope)),
      createdAtMs: now,
      expiresAtMs: expiresInDays === undefined ? null : now + expiresInDays * DAY_MS,
      revokedAtMs: null,
      lastUsedAtMs: null,
      lastUsedFrom: null,
    };
    await this.database.withTransaction(async (repositories) => {
      await repositories.apiTokens.insert(token);
      const after = { id: token.id, scopes: token.scopes, expiresInDays: expiresInDays ?? null };
      await this.audit.record(repositories, { actor, action: 'token.create', target: name, after });
    });
    return { ...toInfo(token), token: secret };
  }

  async list(): Promise<ApiTokenInfo[]> {
    return (await this.database.read.apiTokens.list()).map(toInfo);
  }

  /** @throws {NotFoundError} */
  async revoke(actor: Actor, id: string): Promise<void> {
    await this.database.withTransaction(async (repositories) => {
      const token = await repositories.apiTokens.find(id);
      if (token === null || !(await repositories.apiTokens.revoke(id, Date.now()))) {
        throw new NotFoundError('There is no such API token.');
      }
      await this.audit.record(repositories, { actor, action: 'token.revoke', target: token.name, before: { id } });
    });
    await this.notices.tell('tokens');
  }

  /** The token behind a secret. @throws {AuthRequiredError} when it is unknown, expired or revoked */
  async validate(secret: string, address: string): Promise<ApiToken> {
    const now = Date.now();
    if (!SHAPE.test(secret)) throw new AuthRequiredError('The API token is not valid.');
    const key = hashSecret(secret);
    let token = this.good.get(key, now);
    if (token === undefined) {
      const { generation } = this.good;
      const found = await this.database.read.apiTokens.findByTokenHash(key);
      if (found === null || found.revokedAtMs !== null) throw new AuthRequiredError('The API token is not valid.');
      token = found;
      this.good.set(key, token, now, generation);
      await this.noteUse(token, now, address);
    }
    if (token.expiresAtMs !== null && token.expiresAtMs <= now)
      throw new AuthRequiredError('The API token has expired.');
    return token;
  }

  private async noteUse(token: ApiToken, now: number, address: string): Promise<void> {
    if (token.lastUsedFrom === address && now - (token.lastUsedAtMs ?? 0) < TOUCH_EVERY_MS) return;
    try {
      await this.database.withTransaction(({ apiTokens }) => apiTokens.touch(token.id, now, address));
    } catch (error) {
      this.logger.warn({ err: error }, 'use of an API token not noted'); // no reason to refuse the request
    }
  }
}

/** Scopes of a stored token, as far as this version knows them. */
export function scopesOf({ scopes }: Pick<ApiToken, 'scopes'>): Scope[] {
  return SCOPES.filter((scope) => scopes.includes(scope));
}

function toInfo(token: ApiToken): ApiTokenInfo {
  return {
    id: token.id,
    name: token.name,
    scopes: scopesOf(token),
    createdAt: new Date(token.createdAtMs).toISOString(),
    expiresAt: iso(token.expiresAtMs),
    lastUsedAt: iso(token.lastUsedAtMs),
    lastUsedFrom: token.lastUsedFrom,
  };
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
