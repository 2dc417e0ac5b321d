import type { Scope } from '@bailiff/contracts/http';
import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { GatewayConfig } from '../gateway.config.js';
import { type Actor, hasScope } from './actor.js';
import { AuthRequiredError, ForbiddenOriginError, InsufficientScopeError } from './auth.errors.js';
import { IS_PUBLIC } from './public.decorator.js';
import { REQUIRED_SCOPE } from './requires.decorator.js';
import { isFromOwnPages, isSafe } from './same-origin.js';
import { UnguardedRouteError } from './unguarded-route.error.js';

/**
 * Stands before every route, behind the setup gate: who asks, then (for state-changing cookie requests) where it comes from,
 * then whether the scope allows it. A route that says neither `@Public()` nor `@Requires()` is refused.
 */
@Injectable()
export class AccessGuard extends AuthGuard(['bearer', 'session-cookie']) {
  constructor(
    private readonly reflector: Reflector,
    private readonly config: GatewayConfig,
  ) {
    super({ session: false, property: 'actor' });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, route) === true) return true;
    const scope = this.reflector.getAllAndOverride<Scope | undefined>(REQUIRED_SCOPE, route);
    if (scope === undefined) throw new UnguardedRouteError(`${context.getClass().name}.${context.getHandler().name}`);
    await super.canActivate(context);
    const request = context.switchToHttp().getRequest<Request & { actor: Actor }>();
    const { actor } = request;
    if (actor.kind === 'session' && !isSafe(request) && !isFromOwnPages(request, this.config.publicUrl)) {
      throw new ForbiddenOriginError();
    }
    if (!hasScope(actor, scope)) throw new InsufficientScopeError(scope);
    return true;
  }

  /** Our strategies throw what they mean; passport's own "no" means that nothing usable came. */
  override handleRequest<T>(error: unknown, actor: T | false | null): T {
    if (error instanceof Error) throw error;
    if (actor === false || actor === null) throw new AuthRequiredError();
    return actor;
  }
}
