import type { SessionInfo, SessionRole } from '@bailiff/contracts/http';
import { Database, type Session } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Notices } from '../core/notices.js';
import { SettingsService } from '../settings/settings.service.js';
import { SessionExpiredError } from './auth.errors.js';
import { Remembered } from './remembered.js';
import { roleOf } from './session-role.js';
import { createId, createSecret, hashSecret } from './secrets.js';
import { expiryInUse, newExpiry, TOUCH_EVERY_MS } from './session-lifetime.js';

/** A session found good is not looked up again for this long, milliseconds. */
const SESSION_REMEMBERED_MS = 10_000;
const PURGE_EVERY_MS = 6 * 3600 * 1000;
const USER_AGENT_MAX = 300;

/** Where a request comes from. */
export interface RequestOrigin {
  readonly address: string;
  readonly userAgent: string;
}

/** Signed-in browsers. The cookie holds 256 random bits; the database only their hash. */
@Injectable()
export class SessionsService {
  private readonly logger = new Logger(SessionsService.name);
  private readonly good = new Remembered<Session>(SESSION_REMEMBERED_MS);

  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly notices: Notices,
  ) {
    for (const notice of ['sessions', 'preferences'] as const) notices.listen(notice, () => this.good.clear());
  }

  /** Opens a session. @returns the cookie's token, which is kept nowhere */
  async open(
    { address, userAgent }: RequestOrigin,
    role: SessionRole,
  ): Promise<{ readonly token: string; readonly session: Session }> {
    const now = Date.now();
    const token = createSecret();
    const session: Session = {
      id: createId(),
      tokenHash: hashSecret(token),
      createdAtMs: now,
      lastSeenAtMs: now,
      expiresAtMs: newExpiry(await this.settings.preferences(), now),
      address,
      userAgent: userAgent.slice(0, USER_AGENT_MAX),
      role,
    };
    await this.database.withTransaction(({ sessions }) => sessions.insert(session));
    return { token, session };
  }

  /**
   * The session a cookie belongs to; carries a sliding one on.
   * @throws {SessionExpiredError} for everything else: expired, revoked, made up
   */
  async validate(token: string, address: string): Promise<Session> {
    const now = Date.now();
    const key = hashSecret(token);
    const known = this.good.get(key, now);
    if (known !== undefined && known.expiresAtMs > now) return known;
    const { generation } = this.good;
    const session = await this.database.read.sessions.findByTokenHash(key);
    if (session === null) throw new SessionExpiredError();
    const preferences = await this.settings.preferences();
    const endsAtMs = expiryInUse(session, preferences);
    if (endsAtMs <= now) throw new SessionExpiredError();
    const isDue = now - session.lastSeenAtMs >= TOUCH_EVERY_MS;
    session.expiresAtMs = preferences.sessionMode === 'sliding' && isDue ? newExpiry(preferences, now) : endsAtMs;
    if (isDue) {
      session.lastSeenAtMs = now;
      session.address = address;
      const { id, lastSeenAtMs, expiresAtMs } = session;
      await this.database.withTransaction(({ sessions }) => sessions.touch(id, { lastSeenAtMs, expiresAtMs, address }));
    }
    this.good.set(key, session, now, generation);
    return session;
  }

  /** Sessions that are open now. */
  async list(currentId: string | null): Promise<SessionInfo[]> {
    const sessions = await this.database.read.sessions.list(Date.now());
    return sessions.map((session) => ({
      id: session.id,
      current: session.id === currentId,
      createdAt: new Date(session.createdAtMs).toISOString(),
      lastSeenAt: new Date(session.lastSeenAtMs).toISOString(),
      expiresAt: new Date(session.expiresAtMs).toISOString(),
      address: session.address,
      userAgent: session.userAgent,
      // A role of a newer version may do nothing here.
      role: roleOf(session.role) ?? 'helpdesk',
    }));
  }

  /** Ends a session, on every gateway copy. Whether there was one. */
  async close(id: string): Promise<boolean> {
    const wasOpen = await this.database.withTransaction(({ sessions }) => sessions.delete(id));
    await this.notices.tell('sessions');
    return wasOpen;
  }

  /** Ends all sessions but one. */
  async closeOthers(id: string | null): Promise<void> {
    await this.database.withTransaction(({ sessions }) => sessions.deleteAllExcept(id));
    await this.notices.tell('sessions');
  }

  /** Ends all sessions of a role. */
  async closeRole(role: SessionRole): Promise<void> {
    await this.database.withTransaction(({ sessions }) => sessions.deleteByRole(role));
    await this.notices.tell('sessions');
  }

  /** Deletes what has expired. */
  @Interval(PURGE_EVERY_MS)
  async purge(): Promise<void> {
    try {
      const purged = await this.database.withTransaction(({ sessions }) => sessions.purgeExpired(Date.now()));
      if (purged > 0) this.logger.log({ purged }, 'expired sessions purged');
    } catch (error) {
      this.logger.warn({ err: error }, 'expired sessions not purged');
    }
  }
}
