import type { Health } from '@bailiff/contracts/http';
import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../auth/public.decorator.js';
import { HealthService } from './health.service.js';

@ApiTags('health')
@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /** Whether it is of use: 503 when the database is away. */
  @Get()
  @ApiOperation({ summary: 'Readiness with each dependency' })
  ready(@Res({ passthrough: true }) response: Response): Promise<Health> {
    return this.answer(response);
  }

  /** The same, under the name that orchestrators look for. */
  @Get('ready')
  @ApiOperation({ summary: 'Readiness' })
  readyToo(@Res({ passthrough: true }) response: Response): Promise<Health> {
    return this.answer(response);
  }

  /** Whether the process answers. */
  @Get('live')
  @ApiOperation({ summary: 'Liveness' })
  live(): Pick<Health, 'status' | 'version'> {
    return this.health.live();
  }

  private async answer(response: Response): Promise<Health> {
    const health = await this.health.ready();
    response.status(health.status === 'down' ? 503 : 200).setHeader('Cache-Control', 'no-store');
    return health;
  }
}
