import {
  type CurrentSession,
  LoginRequest,
  PasswordChangeRequest,
  SESSION_COOKIE,
  type SessionInfo,
} from '@bailiff/contracts/http';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CookieOptions, Request, Response } from 'express';
import type { Actor } from './actor.js';
import { ClientAddress } from './client-address.decorator.js';
import { CurrentActor } from './current-actor.decorator.js';
import { Public } from './public.decorator.js';
import { Requires } from './requires.decorator.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';

/** The cookie outlives the session, whose end the server alone decides: only so can it say "expired" instead of nothing. */
const COOKIE_LIFETIME_MS = 365 * 86_400_000;

@ApiTags('sign-in')
@Controller('v1')
export class SessionController {
  constructor(
    private readonly signIn: SignInService,
    private readonly sessions: SessionsService,
  ) {}

  /** Signs in with the master password, or the help desk's; sets the session cookie. */
  @Post('session')
  @HttpCode(204)
  @Public()
  @ApiOperation({ summary: 'Sign in' })
  async open(
    @Body() login: LoginRequest,
    @ClientAddress() address: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const token = await this.signIn.signIn(login, { address, userAgent: request.get('User-Agent') ?? '' });
    response.cookie(SESSION_COOKIE, token, { ...cookieOptions(request), maxAge: COOKIE_LIFETIME_MS });
  }

  /** Who asks, and the preferences every page needs. */
  @Get('session')
  @Requires('read', 'helpdesk')
  @ApiOperation({ summary: 'The current session' })
  read(@CurrentActor() actor: Actor): Promise<CurrentSession> {
    return this.signIn.describe(actor);
  }

  /** Signs out. */
  @Delete('session')
  @HttpCode(204)
  @Requires('read', 'helpdesk')
  @ApiOperation({ summary: 'Sign out' })
  async close(
    @CurrentActor() actor: Actor,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.signIn.signOut(actor);
    response.clearCookie(SESSION_COOKIE, cookieOptions(request));
  }

  /** Sessions that are open now. */
  @Get('sessions')
  @Requires('admin')
  @ApiOperation({ summary: 'Open sessions' })
  list(@CurrentActor() actor: Actor): Promise<SessionInfo[]> {
    return this.sessions.list(actor.kind === 'session' ? actor.credentialId : null);
  }

  /** Ends a session, wherever it is. */
  @Delete('sessions/:id')
  @HttpCode(204)
  @Requires('admin')
  @ApiOperation({ summary: 'End a session' })
  revoke(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<void> {
    return this.signIn.revokeSession(actor, id);
  }

  /** Changes the master password; ends every other session. */
  @Put('password')
  @HttpCode(204)
  @Requires('admin')
  @ApiOperation({ summary: 'Change the master password' })
  changePassword(@CurrentActor() actor: Actor, @Body() request: PasswordChangeRequest): Promise<void> {
    return this.signIn.changePassword(actor, request);
  }
}

function cookieOptions({ secure }: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', secure, path: '/' };
}
