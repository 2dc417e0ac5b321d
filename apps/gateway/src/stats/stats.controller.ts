import {
  type BanTimeline,
  type CountryStats,
  type HourOfWeek,
  type JailStats,
  type NetworkStats,
  StatsQuery,
} from '@bailiff/contracts/http';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/requires.decorator.js';
import { StatsService } from './stats.service.js';

@ApiTags('stats')
@Controller('v1/stats')
@Requires('read')
export class StatsController {
  constructor(private readonly stats: StatsService) {}

  /** Bans of each hour or day, the six jails with the most apart. */
  @Get('timeline')
  @ApiOperation({ summary: 'Bans over time by jail' })
  timeline(@Query() query: StatsQuery): Promise<BanTimeline> {
    return this.stats.timeline(query);
  }

  /** Bans of each jail, most first. */
  @Get('jails')
  @ApiOperation({ summary: 'Bans by jail' })
  jails(@Query() query: StatsQuery): Promise<JailStats> {
    return this.stats.jails(query);
  }

  /** Bans of each country with its top jails, most first. */
  @Get('countries')
  @ApiOperation({ summary: 'Bans by country' })
  countries(@Query() query: StatsQuery): Promise<CountryStats> {
    return this.stats.countries(query);
  }

  /** Bans of the autonomous systems with the most. */
  @Get('networks')
  @ApiOperation({ summary: 'Bans by network' })
  networks(@Query() query: StatsQuery): Promise<NetworkStats> {
    return this.stats.networks(query);
  }

  /** Bans by weekday and hour, on the clock of the configured zone. */
  @Get('hour-of-week')
  @ApiOperation({ summary: 'Bans by hour of the week' })
  hourOfWeek(@Query() query: StatsQuery): Promise<HourOfWeek> {
    return this.stats.hourOfWeek(query);
  }
}
