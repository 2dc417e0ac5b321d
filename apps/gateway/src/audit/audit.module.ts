import { Global, Module } from '@nestjs/common';
import { AuditLogService } from './audit-log.service.js';
import { AuditController } from './audit.controller.js';
import { AuditService } from './audit.service.js';
import { GatewayInstanceId } from './gateway-instance-id.js';
import { UnfinishedActs } from './unfinished-acts.js';

/** The audit log. Global: every feature that changes something writes into it. */
@Global()
@Module({
  controllers: [AuditController],
  providers: [AuditService, AuditLogService, GatewayInstanceId, UnfinishedActs],
  exports: [AuditService],
})
export class AuditModule {}
