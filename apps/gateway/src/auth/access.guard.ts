import type { Scope } from '@bailiff/contracts/http';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { GatewayConfig } from '../gateway.config.js';
import { type Actor, hasScope } from './actor.js';
import { ForbiddenOriginError, InsufficientScopeError } from './auth.errors.js';
import { IS_PUBLIC } from './public.decorator.js';
import { RequestAuthenticator } from './request-authenticator.js';
import { REQUIRED_SCOPE } from './requires.decorator.js';
import { isFromOwnPages, isSafe } from './same-origin.js';
import { UnguardedRouteError } from './unguarded-route.error.js';

/**
 * Stands before every route, behind the setup gate: who asks, then (for state-changing cookie requests) where it comes from,
 * then whether the scope allows it. A route that says neither `@Public()` nor `@Requires()` is refused.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: RequestAuthenticator,
    private readonly config: GatewayConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, route) === true) return true;
    const anyOf = this.reflector.getAllAndOverride<readonly Scope[] | undefined>(REQUIRED_SCOPE, route);
    if (anyOf === undefined) throw new UnguardedRouteError(`${context.getClass().name}.${context.getHandler().name}`);
    const http = context.switchToHttp();
    const request = http.getRequest<Request & { actor?: Actor }>();
    const actor = await this.authenticator.authenticate(request, http.getResponse<Response>());
    request.actor = actor;
    if (actor.kind === 'session' && !isSafe(request) && !isFromOwnPages(request, this.config.publicUrl)) {
      throw new ForbiddenOriginError();
    }
    if (!anyOf.some((scope) => hasScope(actor, scope))) throw new InsufficientScopeError(anyOf);
    return true;
  }
}
