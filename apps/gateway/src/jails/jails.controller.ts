import { HostScopeQuery, type JailFailures, type JailInfo } from '@bailiff/contracts/http';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/requires.decorator.js';
import { hostScope } from '../hosts/host-scope.js';
import { JailsService } from './jails.service.js';

@ApiTags('jails')
@Controller('v1/jails')
@Requires('read')
export class JailsController {
  constructor(private readonly jails: JailsService) {}

  /** All jails of the chosen hosts with their figures. */
  @Get()
  @ApiOperation({ summary: 'Jails of the chosen hosts' })
  list(@Query() query: HostScopeQuery): Promise<JailInfo[]> {
    return this.jails.list(hostScope(query.hosts));
  }

  /** Failures of the last 24 hours by jail and hour; jails without any are left out. */
  @Get('failures')
  @ApiOperation({ summary: 'Failures of the last day by jail and hour' })
  failures(@Query() query: HostScopeQuery): Promise<JailFailures[]> {
    return this.jails.failures(hostScope(query.hosts));
  }
}
