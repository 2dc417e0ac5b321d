import { HostPatch, HostScopeQuery, type FleetStatus, type HostAlarm, type HostInfo } from '@bailiff/contracts/http';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../auth/actor.js';
import { CurrentActor } from '../auth/current-actor.decorator.js';
import { Requires } from '../auth/requires.decorator.js';
import { HostIdPipe } from './host-id.pipe.js';
import { hostScope } from './host-scope.js';
import { HostsService } from './hosts.service.js';
import { StatusService } from './status.service.js';

@ApiTags('hosts')
@Controller('v1')
export class HostsController {
  constructor(
    private readonly hosts: HostsService,
    private readonly fleet: StatusService,
  ) {}

  /** Figures of the status strip, for the chosen hosts or the whole fleet. */
  @Get('status')
  @Requires('read')
  @ApiOperation({ summary: 'Figures of the chosen hosts together' })
  status(@Query() query: HostScopeQuery): Promise<FleetStatus> {
    return this.fleet.status(hostScope(query.hosts));
  }

  /** Every host of the fleet. */
  @Get('hosts')
  @Requires('read')
  @ApiOperation({ summary: 'Hosts of the fleet' })
  list(): Promise<HostInfo[]> {
    return this.hosts.list();
  }

  /** One host. */
  @Get('hosts/:hostId')
  @Requires('read')
  @ApiOperation({ summary: 'One host' })
  get(@Param('hostId', HostIdPipe) hostId: string): Promise<HostInfo> {
    return this.hosts.get(hostId);
  }

  /** Renames or tags a host. */
  @Patch('hosts/:hostId')
  @Requires('admin')
  @ApiOperation({ summary: 'Rename or tag a host' })
  change(
    @CurrentActor() actor: Actor,
    @Param('hostId', HostIdPipe) hostId: string,
    @Body() patch: HostPatch,
  ): Promise<HostInfo> {
    return this.hosts.change(actor, hostId, patch);
  }

  /** Revokes a host: its agent is shut out at once and for ever. */
  @Delete('hosts/:hostId')
  @HttpCode(204)
  @Requires('admin')
  @ApiOperation({ summary: 'Revoke a host' })
  revoke(@CurrentActor() actor: Actor, @Param('hostId', HostIdPipe) hostId: string): Promise<void> {
    return this.hosts.revoke(actor, hostId);
  }

  /** Messages of the host's agent that were refused, newest first. */
  @Get('hosts/:hostId/alarms')
  @Requires('read')
  @ApiOperation({ summary: 'Alarms of a host' })
  alarms(@Param('hostId', HostIdPipe) hostId: string): Promise<HostAlarm[]> {
    return this.hosts.alarms(hostId);
  }
}
