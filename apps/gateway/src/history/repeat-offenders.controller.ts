import { type Page, type RepeatOffender, RepeatOffenderQuery } from '@bailiff/contracts/http';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/requires.decorator.js';
import { RepeatOffendersService } from './repeat-offenders.service.js';

@ApiTags('history')
@Controller('v1/repeat-offenders')
@Requires('read')
export class RepeatOffendersController {
  constructor(private readonly offenders: RepeatOffendersService) {}

  /** Addresses banned more than once, most bans first. */
  @Get()
  @ApiOperation({ summary: 'Repeat offenders' })
  page(@Query() query: RepeatOffenderQuery): Promise<Page<RepeatOffender>> {
    return this.offenders.page(query);
  }
}
