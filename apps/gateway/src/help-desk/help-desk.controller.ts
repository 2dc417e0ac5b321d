import {
  type BanResult,
  type HelpDeskAccess,
  type HelpDeskAnswer,
  HelpDeskPasswordRequest,
  HelpDeskQuery,
  HelpDeskUnbanRequest,
} from '@bailiff/contracts/http';
import { Body, Controller, Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../auth/actor.js';
import { CurrentActor } from '../auth/current-actor.decorator.js';
import { Requires } from '../auth/requires.decorator.js';
import { HelpDeskAccessService } from './help-desk-access.service.js';
import { HelpDeskService } from './help-desk.service.js';

@ApiTags('help desk')
@Controller('v1/help-desk')
@Requires('helpdesk')
export class HelpDeskController {
  constructor(
    private readonly helpDesk: HelpDeskService,
    private readonly access: HelpDeskAccessService,
  ) {}

  /** Why somebody at an address is kept out, or not. */
  @Get()
  @ApiOperation({ summary: 'Explain the bans of one address' })
  explain(@CurrentActor() actor: Actor, @Query() query: HelpDeskQuery): Promise<HelpDeskAnswer> {
    return this.helpDesk.explain(actor, query.address);
  }

  /** Lets one address in again, everywhere or in some places, with a reason. */
  @Post('unbans')
  @HttpCode(200)
  @ApiOperation({ summary: 'Lift the bans of one address, with a reason' })
  unban(@CurrentActor() actor: Actor, @Body() request: HelpDeskUnbanRequest): Promise<BanResult> {
    return this.helpDesk.unban(actor, request);
  }

  /** Whether the help desk has a password. */
  @Get('password')
  @Requires('admin')
  @ApiOperation({ summary: 'Whether the help desk can sign in' })
  readAccess(): Promise<HelpDeskAccess> {
    return this.access.read();
  }

  /** Sets or changes the help desk's password; ends its sessions. */
  @Put('password')
  @HttpCode(204)
  @Requires('admin')
  @ApiOperation({ summary: 'Set the help desk’s password' })
  setPassword(@CurrentActor() actor: Actor, @Body() request: HelpDeskPasswordRequest): Promise<void> {
    return this.access.set(actor, request);
  }

  /** Takes the help desk's password away; ends its sessions. */
  @Delete('password')
  @HttpCode(204)
  @Requires('admin')
  @ApiOperation({ summary: 'Remove the help desk’s password' })
  removePassword(@CurrentActor() actor: Actor): Promise<void> {
    return this.access.remove(actor);
  }
}
