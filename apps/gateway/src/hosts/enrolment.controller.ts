import type { EnrolmentAnswer } from '@bailiff/agent-channel';
import type { CreatedEnrolmentToken, EnrolmentTokenStatus } from '@bailiff/contracts/http';
import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Actor } from '../auth/actor.js';
import { CurrentActor } from '../auth/current-actor.decorator.js';
import { Public } from '../auth/public.decorator.js';
import { Requires } from '../auth/requires.decorator.js';
import { enrolmentCommand } from './enrolment-command.js';
import { EnrolmentService } from './enrolment.service.js';

@ApiTags('hosts')
@Controller()
export class EnrolmentController {
  constructor(private readonly enrolment: EnrolmentService) {}

  /** Makes a one-time token for one host. The answer is the only one that ever holds it. */
  @Post('v1/enrolment-tokens')
  @Requires('admin')
  @ApiOperation({ summary: 'Make a one-time token to add a host' })
  async create(@CurrentActor() actor: Actor, @Req() request: Request): Promise<CreatedEnrolmentToken> {
    const { id, token, expiresAtMs } = await this.enrolment.createTokenFor(actor);
    const command = enrolmentCommand(request.protocol, request.get('host'));
    return { id, token, expiresAt: new Date(expiresAtMs).toISOString(), command };
  }

  /** How far the enrolment with a token has come. */
  @Get('v1/enrolment-tokens/:id')
  @Requires('admin')
  @ApiOperation({ summary: 'State of an enrolment token' })
  status(@Param('id') id: string): Promise<EnrolmentTokenStatus> {
    return this.enrolment.tokenStatus(id);
  }

  /** Enrols an agent that proves it knows a token. */
  @Post('enrol')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Enrol an agent; called by bailiff-agent enrol' })
  enrol(@Body() body: unknown, @Req() request: Request): Promise<EnrolmentAnswer> {
    return this.enrolment.enrol(body, request.ip ?? 'unknown');
  }
}
