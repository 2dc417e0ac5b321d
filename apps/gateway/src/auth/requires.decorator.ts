import type { Scope } from '@bailiff/contracts/http';
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiCookieAuth } from '@nestjs/swagger';

/** Metadata key of {@link Requires}. */
export const REQUIRED_SCOPE = 'bailiff:required-scope';

/** The scope a caller needs, any one of them; on a class it holds for every method that says nothing else. */
export function Requires(...anyOf: readonly [Scope, ...Scope[]]): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(REQUIRED_SCOPE, anyOf), ApiCookieAuth('session'), ApiBearerAuth('token'));
}
