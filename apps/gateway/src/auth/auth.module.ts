import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { AccessGuard } from './access.guard.js';
import { ApiTokensController } from './api-tokens.controller.js';
import { ApiTokensService } from './api-tokens.service.js';
import { BearerStrategy } from './bearer.strategy.js';
import { SharedCounters } from './counters.js';
import { LoginLimiter } from './login-limiter.js';
import { PasswordService } from './password.service.js';
import { SessionCookieStrategy } from './session-cookie.strategy.js';
import { SessionController } from './session.controller.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';

/** Sign-in, sessions, API tokens, and the guard that stands before every route. */
@Global()
@Module({
  imports: [PassportModule],
  controllers: [SessionController, ApiTokensController],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    ApiTokensService,
    BearerStrategy,
    LoginLimiter,
    PasswordService,
    SessionCookieStrategy,
    SessionsService,
    SharedCounters,
    SignInService,
  ],
  exports: [ApiTokensService, PasswordService, SessionsService],
})
export class AuthModule {}
