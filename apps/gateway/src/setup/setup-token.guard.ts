import { HEADERS } from '@bailiff/contracts/http';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { SetupToken } from './setup-token.js';

/** Lets only the setup token's holder through, before the body is even looked at: a stranger learns nothing from it. */
@Injectable()
export class SetupTokenGuard implements CanActivate {
  constructor(private readonly token: SetupToken) {}

  /** @throws {SetupTokenError} */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.token.require(context.switchToHttp().getRequest<Request>().header(HEADERS.setupToken));
    return true;
  }
}
