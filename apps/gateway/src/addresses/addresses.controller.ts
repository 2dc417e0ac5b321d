import {
  AddressEventsQuery,
  type AddressIgnores,
  AddressQuery,
  type AddressReport,
  type HistoryEntry,
  type Page,
} from '@bailiff/contracts/http';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../auth/actor.js';
import { CurrentActor } from '../auth/current-actor.decorator.js';
import { Requires } from '../auth/requires.decorator.js';
import { AddressIgnoresService } from './address-ignores.service.js';
import { AddressReportsService } from './address-reports.service.js';

@ApiTags('addresses')
@Controller('v1/addresses')
@Requires('read')
export class AddressesController {
  constructor(
    private readonly reports: AddressReportsService,
    private readonly ignores: AddressIgnoresService,
  ) {}

  /** Everything known about one address or network, on all hosts. */
  @Get()
  @ApiOperation({ summary: 'One address or network' })
  report(@CurrentActor() actor: Actor, @Query() query: AddressQuery): Promise<AddressReport> {
    return this.reports.report(actor, query.address);
  }

  /** Its bans and unbans on all hosts, newest first. */
  @Get('events')
  @ApiOperation({ summary: 'Bans and unbans of one address or network' })
  events(@Query() query: AddressEventsQuery): Promise<Page<HistoryEntry>> {
    return this.reports.events(query);
  }

  /** The jails that never count it, asked of every host now. */
  @Get('ignored')
  @ApiOperation({ summary: 'Ignore lists that name an address or network' })
  ignored(@Query() { address }: AddressQuery): Promise<AddressIgnores> {
    return this.ignores.find(address);
  }
}
