import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import passport from 'passport';
import { Strategy } from 'passport-custom';
import type { Actor } from './actor.js';
import { ApiTokensService, scopesOf } from './api-tokens.service.js';
import { AuthRequiredError } from './auth.errors.js';
import { bearerOf, sessionCookieOf } from './request-credentials.js';
import { nameOfRole, scopesOfRole } from './session-role.js';
import { SessionsService } from './sessions.service.js';

/** What a strategy finds: the actor, or null when its kind of credential did not come with the request. */
type Find = (request: Request, address: string) => Promise<Actor | null>;

/**
 * Finds out who asks, by passport strategies tried in order. A passport of our own instead of its global one, in which a second
 * application in the same process would replace our strategies.
 */
@Injectable()
export class RequestAuthenticator {
  private readonly passport = new passport.Passport();

  constructor(
    private readonly tokens: ApiTokensService,
    private readonly sessions: SessionsService,
  ) {
    // A token that is sent but not good is refused, whatever cookie comes with it: so it is the first.
    this.use('bearer', (request, address) => this.byToken(request, address));
    this.use('session-cookie', (request, address) => this.bySession(request, address));
  }

  /** @throws {AuthRequiredError} {@link SessionExpiredError} */
  authenticate(request: Request, response: Response): Promise<Actor> {
    return new Promise((resolve, reject) => {
      const done = (error: unknown, actor?: unknown): void => {
        if (error instanceof Error) reject(error);
        else if (isActor(actor)) resolve(actor);
        else reject(new AuthRequiredError());
      };
      const handler: unknown = this.passport.authenticate(['bearer', 'session-cookie'], { session: false }, done);
      (handler as (request: Request, response: Response, next: (error: unknown) => void) => void)(
        request,
        response,
        done,
      );
    });
  }

  private use(name: string, find: Find): void {
    const strategy = new Strategy((request, done) => {
      find(request, request.ip ?? 'unknown').then((actor) => done(null, actor ?? false), done);
    });
    this.passport.use(name, strategy);
  }

  private async byToken(request: Request, address: string): Promise<Actor | null> {
    const secret = bearerOf(request);
    if (secret === undefined) return null;
    const token = await this.tokens.validate(secret, address);
    const { id, name, expiresAtMs } = token;
    return { kind: 'token', name, address, scopes: scopesOf(token), credentialId: id, expiresAtMs };
  }

  private async bySession(request: Request, address: string): Promise<Actor | null> {
    const secret = sessionCookieOf(request);
    if (secret === undefined) return null;
    const { id, expiresAtMs, role } = await this.sessions.validate(secret, address);
    const scopes = scopesOfRole(role);
    return { kind: 'session', name: nameOfRole(role), address, scopes, credentialId: id, expiresAtMs };
  }
}

function isActor(value: unknown): value is Actor {
  return typeof value === 'object' && value !== null && 'kind' in value && 'scopes' in value;
}
