import { type ApiTokenInfo, ApiTokenRequest, type CreatedApiToken } from '@bailiff/contracts/http';
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from './actor.js';
import { ApiTokensService } from './api-tokens.service.js';
import { CurrentActor } from './current-actor.decorator.js';
import { Requires } from './requires.decorator.js';

@ApiTags('api tokens')
@Controller('v1/tokens')
@Requires('admin')
export class ApiTokensController {
  constructor(private readonly tokens: ApiTokensService) {}

  /** API tokens that were not revoked. */
  @Get()
  @ApiOperation({ summary: 'API tokens' })
  list(): Promise<ApiTokenInfo[]> {
    return this.tokens.list();
  }

  /** Makes an API token. The answer is the only one that ever holds it. */
  @Post()
  @ApiOperation({ summary: 'Make an API token' })
  create(@CurrentActor() actor: Actor, @Body() request: ApiTokenRequest): Promise<CreatedApiToken> {
    return this.tokens.create(actor, request);
  }

  /** Revokes an API token for ever. */
  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke an API token' })
  revoke(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<void> {
    return this.tokens.revoke(actor, id);
  }
}
