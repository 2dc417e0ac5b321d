import {
  Ipv6PolicyRequest,
  IPV6_PREFIXES,
  type Ipv6Policy,
  type Ipv6Prefix,
  type Ipv6Preview,
} from '@bailiff/contracts/http';
import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { Actor } from '../auth/actor.js';
import { CurrentActor } from '../auth/current-actor.decorator.js';
import { Requires } from '../auth/requires.decorator.js';
import { Ipv6PolicyService } from './ipv6-policy.service.js';

/** A rule to try; what is absent is as the rule in force has it. */
export class Ipv6PreviewQuery {
  @IsOptional() @Type(() => Number) @IsIn(IPV6_PREFIXES) readonly prefixLength?: Ipv6Prefix;
  @IsOptional() @Type(() => Number) @IsInt() @Min(2) @Max(100) readonly threshold?: number;
}

@ApiTags('bans')
@Controller('v1/ipv6-policy')
export class Ipv6PolicyController {
  constructor(private readonly policies: Ipv6PolicyService) {}

  /** The rule by which prefixes are banned in the place of their addresses. */
  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'The rule for IPv6 prefixes' })
  read(): Promise<Ipv6Policy> {
    return this.policies.policy();
  }

  /** Changes the rule; switched on, it is applied at once. */
  @Put()
  @Requires('config')
  @ApiOperation({ summary: 'Change the rule for IPv6 prefixes' })
  change(@CurrentActor() actor: Actor, @Body() request: Ipv6PolicyRequest): Promise<Ipv6Policy> {
    return this.policies.change(actor, request);
  }

  /** What a rule would ban now. Changes nothing. */
  @Get('preview')
  @Requires('read')
  @ApiOperation({ summary: 'What a rule for IPv6 prefixes would do now' })
  async preview(@Query() query: Ipv6PreviewQuery): Promise<Ipv6Preview> {
    const { prefixLength, threshold } = await this.policies.policy();
    return this.policies.preview({
      prefixLength: query.prefixLength ?? prefixLength,
      threshold: query.threshold ?? threshold,
    });
  }
}
