import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-custom';
import type { Actor } from './actor.js';
import { ApiTokensService, scopesOf } from './api-tokens.service.js';
import { bearerOf } from './request-credentials.js';

/** `Authorization: Bearer blf_…`. A token that is sent but not good is refused, whatever cookie comes with it. */
@Injectable()
export class BearerStrategy extends PassportStrategy(Strategy, 'bearer') {
  constructor(private readonly tokens: ApiTokensService) {
    super();
  }

  async validate(request: Request): Promise<Actor | null> {
    const secret = bearerOf(request);
    if (secret === undefined) return null;
    const address = request.ip ?? 'unknown';
    const token = await this.tokens.validate(secret, address);
    return {
      kind: 'token',
      name: token.name,
      address,
      scopes: scopesOf(token),
      credentialId: token.id,
      expiresAtMs: token.expiresAtMs,
    };
  }
}
