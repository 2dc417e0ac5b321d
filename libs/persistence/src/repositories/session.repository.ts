import { type EntityManager, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import { Session } from '../entities/index.js';

/** Signed-in browsers. */
export class SessionRepository {
  constructor(private readonly manager: EntityManager) {}

  async insert(session: Session): Promise<void> {
    await this.manager.insert(Session, session);
  }

  find(id: string): Promise<Session | null> {
    return this.manager.findOneBy(Session, { id });
  }

  /** Also finds expired ones: whoever asks tells "expired" from "never was". */
  findByTokenHash(tokenHash: string): Promise<Session | null> {
    return this.manager.findOneBy(Session, { tokenHash });
  }

  /** Sessions that have not expired, last used first. */
  list(nowMs: number): Promise<Session[]> {
    return this.manager.find(Session, {
      where: { expiresAtMs: MoreThan(nowMs) },
      order: { lastSeenAtMs: 'DESC', id: 'ASC' },
    });
  }

  async touch(id: string, seen: Pick<Session, 'lastSeenAtMs' | 'expiresAtMs' | 'address'>): Promise<void> {
    await this.manager.update(Session, { id }, seen);
  }

  /** Whether there was one. */
  async delete(id: string): Promise<boolean> {
    return ((await this.manager.delete(Session, { id })).affected ?? 0) > 0;
  }

  /** Deletes all, or all but one. */
  async deleteAllExcept(id: string | null): Promise<void> {
    if (id === null) await this.manager.deleteAll(Session);
    else await this.manager.delete(Session, { id: Not(id) });
  }

  /** Deletes all of a role. */
  async deleteByRole(role: string): Promise<void> {
    await this.manager.delete(Session, { role });
  }

  /** Deletes rows that expired at or before a time; how many. */
  async purgeExpired(beforeMs: number): Promise<number> {
    return (await this.manager.delete(Session, { expiresAtMs: LessThanOrEqual(beforeMs) })).affected ?? 0;
  }
}
