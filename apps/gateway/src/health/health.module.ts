import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';

/** Liveness and readiness. Whoever puts the application together also provides `HealthChecks`. */
@Module({ controllers: [HealthController], providers: [HealthService] })
export class HealthModule {}
