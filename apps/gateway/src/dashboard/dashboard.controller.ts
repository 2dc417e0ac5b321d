import { DashboardQuery, type DashboardSummary } from '@bailiff/contracts/http';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/requires.decorator.js';
import { DashboardService } from './dashboard.service.js';

@ApiTags('dashboard')
@Controller('v1/dashboard')
@Requires('read')
export class DashboardController {
  constructor(private readonly dashboard: DashboardService) {}

  /** Figures, courses and tops of a range of time. */
  @Get()
  @ApiOperation({ summary: 'Figures of the dashboard' })
  summary(@Query() query: DashboardQuery): Promise<DashboardSummary> {
    return this.dashboard.summary(query);
  }
}
