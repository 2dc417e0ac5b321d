import { type AsnNetworks, AsnParams, type GeoStatus } from '@bailiff/contracts/http';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/requires.decorator.js';
import { GeoSources } from './geo-sources.js';
import { NetworkInfo } from './network-info.js';

@ApiTags('geo')
@Controller('v1/geo')
@Requires('read')
export class GeoController {
  constructor(
    private readonly sources: GeoSources,
    private readonly networks: NetworkInfo,
  ) {}

  /** Where countries and networks come from, how old the data are, and who is to be named for them. */
  @Get('sources')
  @ApiOperation({ summary: 'Sources of geo and network data, with their age' })
  status(): Promise<GeoStatus> {
    return this.sources.status();
  }

  /** What is to be banned when all of an operator's addresses are. Asks a worker: 503 when none answers. */
  @Get('systems/:asn/networks')
  @ApiOperation({ summary: 'Networks that an autonomous system announces' })
  async networksOf(@Param() { asn }: AsnParams): Promise<AsnNetworks> {
    return this.networks.announcedBy(asn);
  }
}
