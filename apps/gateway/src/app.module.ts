import { isDebugLevel, KitModule, type LogSink } from '@bailiff/nest-kit';
import { Database } from '@bailiff/persistence';
import { type DynamicModule, Module } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { CoreModule } from './core/core.module.js';
import { LogLines } from './core/log-lines.js';
import { FleetBridgeModule } from './fleet-bridge.module.js';
import { GatewayConfig } from './gateway.config.js';
import { HealthModule } from './health/health.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { SettingsModule } from './settings/settings.module.js';
import { SetupModule } from './setup/setup.module.js';

/** The whole gateway. */
@Module({})
export class AppModule {
  /** @param logTo where the log goes instead of standard output */
  static with(config: GatewayConfig, database: Database, logTo?: LogSink): DynamicModule {
    const logLines = new LogLines();
    const alsoLogTo = isDebugLevel(config.logLevel) ? logLines : undefined;
    return {
      module: AppModule,
      imports: [
        KitModule.forRoot({ service: 'gateway', level: config.logLevel, logTo, alsoLogTo }),
        CoreModule.with(config, database, logLines),
        MetricsModule,
        AuditModule,
        SettingsModule,
        AuthModule,
        SetupModule,
        FleetBridgeModule,
        HealthModule,
      ],
    };
  }
}
