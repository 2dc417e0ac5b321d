import { type ArchiveDeletion, ArchiveDeletionRequest, type ArchiveState } from '@bailiff/contracts/http';
import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../auth/actor.js';
import { CurrentActor } from '../auth/current-actor.decorator.js';
import { Requires } from '../auth/requires.decorator.js';
import { ArchiveDeletions } from './archive-deletions.js';

@ApiTags('archive')
@Controller('v1/archive')
export class ArchiveController {
  constructor(private readonly deletions: ArchiveDeletions) {}

  /** How large the archive is and how long events are kept. */
  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'Size of the archive, retention and the last deletion' })
  state(): Promise<ArchiveState> {
    return this.deletions.state();
  }

  /** Deletes stored events for good. Answers at once; the deletion goes on by itself. */
  @Post('deletions')
  @HttpCode(202)
  @Requires('admin')
  @ApiOperation({ summary: 'Delete stored bans and unbans, all or older than a time' })
  start(@CurrentActor() actor: Actor, @Body() request: ArchiveDeletionRequest): Promise<ArchiveDeletion> {
    return this.deletions.start(actor, request);
  }

  @Get('deletions/:id')
  @Requires('read')
  @ApiOperation({ summary: 'How far a deletion is' })
  find(@Param('id', ParseUUIDPipe) id: string): Promise<ArchiveDeletion> {
    return this.deletions.find(id);
  }

  /** Stops a deletion; what is gone stays gone. */
  @Post('deletions/:id/cancel')
  @HttpCode(202)
  @Requires('admin')
  @ApiOperation({ summary: 'Cancel a deletion that is under way' })
  cancel(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<ArchiveDeletion> {
    return this.deletions.cancel(actor, id);
  }
}
