import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { ApiTokensController } from './api-tokens.controller.js';
import { ApiTokensService } from './api-tokens.service.js';
import { SharedCounters } from './counters.js';
import { LoginLimiter } from './login-limiter.js';
import { PasswordService } from './password.service.js';
import { RequestAuthenticator } from './request-authenticator.js';
import { SessionController } from './session.controller.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';

/** Sign-in, sessions, API tokens, and the guard that stands before every route. */
@Global()
@Module({
  controllers: [SessionController, ApiTokensController],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    ApiTokensService,
    LoginLimiter,
    PasswordService,
    RequestAuthenticator,
    SessionsService,
    SharedCounters,
    SignInService,
  ],
  exports: [ApiTokensService, PasswordService, SessionsService],
})
export class AuthModule {}
