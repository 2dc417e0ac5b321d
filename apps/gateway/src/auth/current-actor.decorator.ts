import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Actor } from './actor.js';
import { NoActorError } from './auth.errors.js';

/** Parameter: who asks. Only on routes with `@Requires`. */
export const CurrentActor = createParamDecorator((_data: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<Request & { actor?: Actor }>();
  if (actor === undefined) throw new NoActorError();
  return actor;
});
