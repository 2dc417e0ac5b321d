import { CampaignQuery, type CampaignList } from '@bailiff/contracts/http';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/requires.decorator.js';
import { CampaignsService } from './campaigns.service.js';

@ApiTags('bans')
@Controller('v1/campaigns')
export class CampaignsController {
  constructor(private readonly campaigns: CampaignsService) {}

  /** Networks from which many addresses were banned, most first. */
  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'Networks from which many addresses were banned' })
  list(@Query() query: CampaignQuery): Promise<CampaignList> {
    return this.campaigns.list(query);
  }
}
