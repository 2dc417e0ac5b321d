import { type EntityManager, LessThan } from 'typeorm';
import { EnrolmentToken } from '../entities/index.js';

/** One-time permissions to enrol. */
export class EnrolmentTokenRepository {
  constructor(private readonly manager: EntityManager) {}

  async insert(token: EnrolmentToken): Promise<void> {
    await this.manager.insert(EnrolmentToken, token);
  }

  find(id: string): Promise<EnrolmentToken | null> {
    return this.manager.findOneBy(EnrolmentToken, { id });
  }

  /** Counts a wrong secret. */
  async addWrongTry(id: string): Promise<void> {
    await this.manager.increment(EnrolmentToken, { id }, 'wrongTries', 1);
  }

  /**
   * Uses a token up. Of several that try at once exactly one gets `true`.
   * @param maxWrongTries tokens tried wrongly this often are dead
   */
  async use(id: string, hostId: string, nowMs: number, maxWrongTries: number): Promise<boolean> {
    const { affected } = await this.manager
      .createQueryBuilder()
      .update(EnrolmentToken)
      .set({ usedAtMs: nowMs, hostId })
      .where('id = :id AND used_at_ms IS NULL AND expires_at_ms > :nowMs AND wrong_tries < :maxWrongTries', {
        id,
        nowMs,
        maxWrongTries,
      })
      .execute();
    return affected === 1;
  }

  /** Deletes tokens that expired before a time; how many. */
  async purge(beforeMs: number): Promise<number> {
    return (await this.manager.delete(EnrolmentToken, { expiresAtMs: LessThan(beforeMs) })).affected ?? 0;
  }
}
