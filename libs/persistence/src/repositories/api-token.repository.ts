import { type EntityManager, IsNull } from 'typeorm';
import { ApiToken } from '../entities/index.js';

/** Credentials for automation. */
export class ApiTokenRepository {
  constructor(private readonly manager: EntityManager) {}

  async insert(token: ApiToken): Promise<void> {
    await this.manager.insert(ApiToken, token);
  }

  find(id: string): Promise<ApiToken | null> {
    return this.manager.findOneBy(ApiToken, { id });
  }

  /** Also finds expired and revoked ones. */
  findByTokenHash(tokenHash: string): Promise<ApiToken | null> {
    return this.manager.findOneBy(ApiToken, { tokenHash });
  }

  /** Tokens that were not revoked, newest first. */
  list(): Promise<ApiToken[]> {
    return this.manager.find(ApiToken, {
      where: { revokedAtMs: IsNull() },
      order: { createdAtMs: 'DESC', id: 'ASC' },
    });
  }

  /** Whether there was one to revoke. */
  async revoke(id: string, nowMs: number): Promise<boolean> {
    const { affected } = await this.manager.update(ApiToken, { id, revokedAtMs: IsNull() }, { revokedAtMs: nowMs });
    return (affected ?? 0) > 0;
  }

  async touch(id: string, nowMs: number, from: string): Promise<void> {
    await this.manager.update(ApiToken, { id }, { lastUsedAtMs: nowMs, lastUsedFrom: from });
  }
}
