import { AllowEntryPatch, AllowEntryRequest, type AllowEntry } from '@bailiff/contracts/http';
import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../auth/actor.js';
import { CurrentActor } from '../auth/current-actor.decorator.js';
import { Requires } from '../auth/requires.decorator.js';
import { AllowService } from './allow.service.js';

@ApiTags('bans')
@Controller('v1/allow-entries')
export class AllowController {
  constructor(private readonly allow: AllowService) {}

  /** Who is never banned, until when, and whether each host knows. */
  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'The allow list' })
  list(): Promise<AllowEntry[]> {
    return this.allow.list();
  }

  /** Allows an address or network; bans of it are lifted. */
  @Post()
  @Requires('ban')
  @ApiOperation({ summary: 'Allow an address or network' })
  add(@CurrentActor() actor: Actor, @Body() request: AllowEntryRequest): Promise<AllowEntry> {
    return this.allow.add(actor, request);
  }

  /** Changes comment or end of an entry. */
  @Patch(':id')
  @Requires('ban')
  @ApiOperation({ summary: 'Change an allow entry' })
  change(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() patch: AllowEntryPatch,
  ): Promise<AllowEntry> {
    return this.allow.change(actor, id, patch);
  }

  /** Allows it no longer. */
  @Delete(':id')
  @HttpCode(204)
  @Requires('ban')
  @ApiOperation({ summary: 'Remove an allow entry' })
  remove(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.allow.remove(actor, id);
  }
}
