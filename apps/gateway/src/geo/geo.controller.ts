import type { GeoStatus } from '@bailiff/contracts/http';
import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/requires.decorator.js';
import { GeoSources } from './geo-sources.js';

@ApiTags('geo')
@Controller('v1/geo')
@Requires('read')
export class GeoController {
  constructor(private readonly sources: GeoSources) {}

  /** Where countries and networks come from, how old the data are, and who is to be named for them. */
  @Get('sources')
  @ApiOperation({ summary: 'Sources of geo and network data, with their age' })
  status(): Promise<GeoStatus> {
    return this.sources.status();
  }
}
