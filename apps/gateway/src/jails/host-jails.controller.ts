import {
  IgnoreChange,
  IgnoreListQuery,
  JailAct,
  JailLogQuery,
  type IgnoreChangeResult,
  type IgnoreLists,
  type JailActPreview,
  type JailActState,
  type JailDetail,
  type JailLogTail,
} from '@bailiff/contracts/http';
import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../auth/actor.js';
import { CurrentActor } from '../auth/current-actor.decorator.js';
import { Requires } from '../auth/requires.decorator.js';
import { HostIdPipe } from '../hosts/host-id.pipe.js';
import { IgnoreListsService } from './ignore-lists.service.js';
import { JailActsService } from './jail-acts.service.js';
import { JailDetailsService } from './jail-details.service.js';
import { JailNamePipe } from './jail-name.pipe.js';

@ApiTags('jails')
@Controller('v1/hosts/:hostId')
export class HostJailsController {
  constructor(
    private readonly details: JailDetailsService,
    private readonly acts: JailActsService,
    private readonly ignoreLists: IgnoreListsService,
  ) {}

  /** Everything about one jail, asked of its fail2ban now. */
  @Get('jails/:jail')
  @Requires('read')
  @ApiOperation({ summary: 'One jail in full' })
  get(@Param('hostId', HostIdPipe) hostId: string, @Param('jail', JailNamePipe) jail: string): Promise<JailDetail> {
    return this.details.get(hostId, jail);
  }

  /** The end of one of the jail's log files. */
  @Get('jails/:jail/log')
  @Requires('read')
  @ApiOperation({ summary: 'Last lines of a log file of a jail' })
  log(
    @Param('hostId', HostIdPipe) hostId: string,
    @Param('jail', JailNamePipe) jail: string,
    @Query() query: JailLogQuery,
  ): Promise<JailLogTail> {
    return this.details.log(hostId, jail, query);
  }

  /** What an act would do to jails and bans. */
  @Post('jail-acts/preview')
  @HttpCode(200)
  @Requires('read')
  @ApiOperation({ summary: 'Preview of an act on jails' })
  preview(@Param('hostId', HostIdPipe) hostId: string, @Body() act: JailAct): Promise<JailActPreview> {
    return this.acts.preview(hostId, act);
  }

  /** Begins an act; its end comes by the live feed or by asking. */
  @Post('jail-acts')
  @HttpCode(202)
  @Requires('config')
  @ApiOperation({ summary: 'Start, stop, idle, reload or restart jails' })
  begin(
    @CurrentActor() actor: Actor,
    @Param('hostId', HostIdPipe) hostId: string,
    @Body() act: JailAct,
  ): Promise<JailActState> {
    return this.acts.begin(actor, hostId, act);
  }

  /** How an act goes. */
  @Get('jail-acts/:actId')
  @Requires('read')
  @ApiOperation({ summary: 'State of an act on jails' })
  state(
    @Param('hostId', HostIdPipe) hostId: string,
    @Param('actId', ParseUUIDPipe) actId: string,
  ): Promise<JailActState> {
    return this.acts.state(hostId, actId);
  }

  /** Ignore lists of one jail, or of every one that runs. */
  @Get('ignore-lists')
  @Requires('read')
  @ApiOperation({ summary: 'Ignore lists of a host' })
  ignored(@Param('hostId', HostIdPipe) hostId: string, @Query() { jail }: IgnoreListQuery): Promise<IgnoreLists> {
    return this.ignoreLists.list(hostId, jail);
  }

  /** Changes ignore lists now and, if asked, in the configuration. */
  @Post('ignore-lists')
  @HttpCode(200)
  @Requires('config')
  @ApiOperation({ summary: 'Change ignore lists of a host' })
  ignore(
    @CurrentActor() actor: Actor,
    @Param('hostId', HostIdPipe) hostId: string,
    @Body() change: IgnoreChange,
  ): Promise<IgnoreChangeResult> {
    return this.ignoreLists.change(actor, hostId, change);
  }
}
