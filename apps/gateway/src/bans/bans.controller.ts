import {
  BanCheckRequest,
  BanListQuery,
  BanRequest,
  UnbanRequest,
  type ActiveBan,
  type BanCheck,
  type BanResult,
  type Page,
} from '@bailiff/contracts/http';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../auth/actor.js';
import { CurrentActor } from '../auth/current-actor.decorator.js';
import { Requires } from '../auth/requires.decorator.js';
import { BanCheckService } from './ban-check.service.js';
import { BanListService } from './ban-list.service.js';
import { BansService } from './bans.service.js';

@ApiTags('bans')
@Controller('v1')
export class BansController {
  constructor(
    private readonly list: BanListService,
    private readonly bans: BansService,
    private readonly checks: BanCheckService,
  ) {}

  /** What is banned now. */
  @Get('bans')
  @Requires('read')
  @ApiOperation({ summary: 'What is banned now' })
  page(@Query() query: BanListQuery): Promise<Page<ActiveBan>> {
    return this.list.page(query);
  }

  /** Bans addresses and answers once fail2ban has acknowledged on every host. */
  @Post('bans')
  @HttpCode(200)
  @Requires('ban')
  @ApiOperation({ summary: 'Ban addresses in jails of hosts' })
  ban(@CurrentActor() actor: Actor, @Body() request: BanRequest): Promise<BanResult> {
    return this.bans.ban(actor, request);
  }

  /** Says what a ban would mean: sizes, whom it would lock out, jails that take no networks. Bans nothing. */
  @Post('bans/check')
  @HttpCode(200)
  @Requires('ban')
  @ApiOperation({ summary: 'What a ban would mean' })
  check(@CurrentActor() actor: Actor, @Body() request: BanCheckRequest): Promise<BanCheck> {
    return this.checks.check(actor, request);
  }

  /** Lifts bans and answers once fail2ban has acknowledged on every host. */
  @Post('unbans')
  @HttpCode(200)
  @Requires('ban')
  @ApiOperation({ summary: 'Lift bans' })
  unban(@CurrentActor() actor: Actor, @Body() request: UnbanRequest): Promise<BanResult> {
    return this.bans.unban(actor, request);
  }
}
