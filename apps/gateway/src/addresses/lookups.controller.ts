import {
  type LookupInfo,
  LookupQuery,
  LookupRequest,
  type LookupSettings,
  LookupSettingsPatch,
} from '@bailiff/contracts/http';
import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../auth/actor.js';
import { CurrentActor } from '../auth/current-actor.decorator.js';
import { Requires } from '../auth/requires.decorator.js';
import { LookupsService } from './lookups.service.js';

@ApiTags('addresses')
@Controller('v1/lookups')
@Requires('read')
export class LookupsController {
  constructor(private readonly lookups: LookupsService) {}

  /** What registries, name servers and reputation services said about an address last. Asks nobody. */
  @Get()
  @ApiOperation({ summary: 'Known answers of look-ups about an address' })
  known(@Query() query: LookupQuery): Promise<LookupInfo[]> {
    return this.lookups.known(query.address);
  }

  /** Asks for what is not known or too old. Answers at once; the live feed tells when an answer has come. */
  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Look an address up' })
  ask(@Body() request: LookupRequest): Promise<LookupInfo[]> {
    return this.lookups.ask(request);
  }

  /** Which look-ups are made, and for which of them the worker holds a key. */
  @Get('settings')
  @ApiOperation({ summary: 'Settings of look-ups' })
  settings(): Promise<LookupSettings> {
    return this.lookups.settings();
  }

  /** Changes which look-ups are made. */
  @Patch('settings')
  @Requires('config')
  @ApiOperation({ summary: 'Change settings of look-ups' })
  change(@CurrentActor() actor: Actor, @Body() patch: LookupSettingsPatch): Promise<LookupSettings> {
    return this.lookups.changeSettings(actor, patch);
  }
}
