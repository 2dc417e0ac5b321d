import { type Preferences, PreferencesPatch } from '@bailiff/contracts/http';
import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../auth/actor.js';
import { CurrentActor } from '../auth/current-actor.decorator.js';
import { Requires } from '../auth/requires.decorator.js';
import { SettingsService } from './settings.service.js';

@ApiTags('settings')
@Controller('v1/settings')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  /** The operator's preferences. */
  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'Preferences' })
  read(): Promise<Preferences> {
    return this.settings.preferences();
  }

  /** Changes part of the preferences. */
  @Patch()
  @Requires('config')
  @ApiOperation({ summary: 'Change preferences' })
  change(@CurrentActor() actor: Actor, @Body() patch: PreferencesPatch): Promise<Preferences> {
    return this.settings.change(actor, patch);
  }
}
