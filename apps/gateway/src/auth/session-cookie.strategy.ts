import { SCOPES } from '@bailiff/contracts/http';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-custom';
import type { Actor } from './actor.js';
import { sessionCookieOf } from './request-credentials.js';
import { SessionsService } from './sessions.service.js';

/** The session cookie of the web app. */
@Injectable()
export class SessionCookieStrategy extends PassportStrategy(Strategy, 'session-cookie') {
  constructor(private readonly sessions: SessionsService) {
    super();
  }

  async validate(request: Request): Promise<Actor | null> {
    const token = sessionCookieOf(request);
    if (token === undefined) return null;
    const address = request.ip ?? 'unknown';
    const session = await this.sessions.validate(token, address);
    return {
      kind: 'session',
      name: 'operator',
      address,
      scopes: SCOPES,
      credentialId: session.id,
      expiresAtMs: session.expiresAtMs,
    };
  }
}
