import type { Scope } from '@bailiff/contracts/http';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import proxyaddr from 'proxy-addr';
import { hasScope } from '../auth/actor.js';
import { ApiTokensService, scopesOf } from '../auth/api-tokens.service.js';
import { AuthRequiredError, SessionExpiredError } from '../auth/auth.errors.js';
import { bearerOf, sessionCookieOf } from '../auth/request-credentials.js';
import { expiryInUse } from '../auth/session-lifetime.js';
import { scopesOfRole } from '../auth/session-role.js';
import { SessionsService } from '../auth/sessions.service.js';
import { Notices } from '../core/notices.js';
import { GatewayConfig } from '../gateway.config.js';
import { SettingsService } from '../settings/settings.service.js';
import { LiveAuthenticator, type LiveGrant, type LiveRefusal, type LiveStanding } from './live-authenticator.js';
import { isSameOrigin } from './same-origin.js';

/** Lets in sessions from our own pages and API tokens that may read. */
@Injectable()
export class SessionLiveAuthenticator extends LiveAuthenticator {
  constructor(
    private readonly sessions: SessionsService,
    private readonly tokens: ApiTokensService,
    private readonly settings: SettingsService,
    private readonly database: Database,
    private readonly config: GatewayConfig,
    private readonly notices: Notices,
  ) {
    super();
  }

  override onChange(listener: () => void): void {
    this.notices.listen('sessions', listener);
    this.notices.listen('tokens', listener);
  }

  override async authenticate(request: IncomingMessage): Promise<LiveGrant | LiveRefusal> {
    const address = this.addressOf(request);
    const secret = bearerOf(request);
    if (secret !== undefined) return this.byToken(secret, address);
    const cookie = sessionCookieOf(request);
    if (cookie === undefined) return 'unauthenticated';
    // A page of another site would ride on the cookie: browsers ask nobody before they open a WebSocket.
    if (!this.isFromOwnPages(request)) return 'forbidden-origin';
    return this.bySession(cookie, address);
  }

  /** The client's address behind trusted proxies, as `request.ip` has it: Express never sees a handshake. */
  private addressOf(request: IncomingMessage): string {
    if (request.socket.remoteAddress === undefined) return 'unknown'; // hung up already
    return proxyaddr(request, this.config.trustedProxies);
  }

  private async byToken(secret: string, address: string): Promise<LiveGrant | LiveRefusal> {
    const recheck = async (): Promise<LiveStanding> => {
      try {
        return standingOf(scopesOf(await this.tokens.validate(secret, address)));
      } catch (error) {
        if (error instanceof AuthRequiredError) return 'ended';
        throw error;
      }
    };
    const standing = await recheck();
    return standing === 'ended' ? 'unauthenticated' : { standing, recheck };
  }

  private async bySession(cookie: string, address: string): Promise<LiveGrant | LiveRefusal> {
    try {
      const { id, role } = await this.sessions.validate(cookie, address);
      // Signed in, but not to watch: the page that gets this must not take its session for ended.
      const standing = standingOf(scopesOfRole(role));
      return standing === 'ended' ? 'forbidden-origin' : { standing, recheck: () => this.recheckSession(id) };
    } catch (error) {
      if (error instanceof SessionExpiredError) return 'unauthenticated';
      throw error;
    }
  }

  /** Looked up, not validated: validating would carry a sliding session on for as long as a page stays open. */
  private async recheckSession(id: string): Promise<LiveStanding> {
    const session = await this.database.read.sessions.find(id);
    if (session === null) return 'ended';
    const isOpen = expiryInUse(session, await this.settings.preferences()) > Date.now();
    return isOpen ? standingOf(scopesOfRole(session.role)) : 'ended';
  }

  private isFromOwnPages({ headers }: IncomingMessage): boolean {
    const { publicUrl } = this.config;
    if (isSameOrigin(headers.origin, headers.host)) return true;
    return publicUrl !== undefined && isSameOrigin(headers.origin, new URL(publicUrl).host);
  }
}

function standingOf(scopes: readonly Scope[]): LiveStanding {
  if (hasScope({ scopes }, 'admin')) return 'admin';
  return hasScope({ scopes }, 'read') ? 'reader' : 'ended';
}
