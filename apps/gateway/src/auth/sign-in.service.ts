import type { CurrentSession, LoginRequest, PasswordChangeRequest, SessionRole } from '@bailiff/contracts/http';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { NotFoundError } from '../core/not-found.error.js';
import { VERSION } from '../core/version.js';
import { SettingsService } from '../settings/settings.service.js';
import type { Actor } from './actor.js';
import { LoginLimiter } from './login-limiter.js';
import { PasswordService, writePasswordHash } from './password.service.js';
import { nameOfRole } from './session-role.js';
import { type RequestOrigin, SessionsService } from './sessions.service.js';

/** Signing in, out, and changing the master password. */
@Injectable()
export class SignInService {
  constructor(
    private readonly database: Database,
    private readonly passwords: PasswordService,
    private readonly sessions: SessionsService,
    private readonly settings: SettingsService,
    private readonly limiter: LoginLimiter,
    private readonly audit: AuditService,
  ) {}

  /**
   * Opens a session for the right password. @returns the cookie's token
   * @throws {InvalidCredentialsError} {@link TooManyAttemptsError}
   */
  async signIn({ passwordDigest }: LoginRequest, origin: RequestOrigin): Promise<string> {
    await this.limiter.begin(origin.address);
    const { address } = origin;
    const role = await this.roleFor(passwordDigest, address);
    const actor = { name: nameOfRole(role), address };
    return this.audit.act({ actor, action: 'session.open' }, async () => {
      await this.limiter.succeeded(address);
      return (await this.sessions.open(origin, role)).token;
    });
  }

  /** Whose password it is. A wrong one is written into the audit log. */
  private async roleFor(passwordDigest: string, address: string): Promise<SessionRole> {
    try {
      return await this.passwords.roleFor(passwordDigest);
    } catch (error) {
      // Nobody knows who tried: the log says what was tried, as it always has.
      return this.audit.act({ actor: { name: nameOfRole('operator'), address }, action: 'session.open' }, () =>
        Promise.reject(error as Error),
      );
    }
  }

  /** Ends the asker's own session. An API token has none to end. */
  async signOut(actor: Actor): Promise<void> {
    const { kind, credentialId } = actor;
    if (kind !== 'session' || credentialId === null) return;
    await this.audit.act({ actor, action: 'session.close' }, () => this.sessions.close(credentialId));
  }

  /** Ends somebody's session. @throws {NotFoundError} */
  async revokeSession(actor: Actor, id: string): Promise<void> {
    await this.audit.act({ actor, action: 'session.revoke', target: id }, async () => {
      if (!(await this.sessions.close(id))) throw new NotFoundError('There is no such session.');
    });
  }

  /**
   * Changes the master password and ends every other session.
   * @throws {InvalidCredentialsError} {@link TooManyAttemptsError}
   */
  async changePassword(actor: Actor, { currentDigest, newDigest }: PasswordChangeRequest): Promise<void> {
    const address = actor.address ?? 'unknown';
    await this.limiter.begin(address);
    await this.audit.act({ actor, action: 'password.change' }, async () => {
      await this.passwords.check(currentDigest);
      await this.limiter.succeeded(address);
      const passwordHash = await this.passwords.hash(newDigest);
      await this.database.withTransaction((repositories) => writePasswordHash(repositories, passwordHash));
      await this.sessions.closeOthers(actor.kind === 'session' ? actor.credentialId : null);
    });
  }

  /** Who asks, and what every page needs. */
  async describe(actor: Actor): Promise<CurrentSession> {
    return {
      actor: actor.name,
      scopes: actor.scopes,
      expiresAt: actor.expiresAtMs === null ? null : new Date(actor.expiresAtMs).toISOString(),
      clientAddress: actor.address ?? 'unknown',
      version: VERSION,
      preferences: await this.settings.preferences(),
    };
  }
}
