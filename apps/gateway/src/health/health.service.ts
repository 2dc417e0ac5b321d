import type { Health } from '@bailiff/contracts/http';
import { Database } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { InternalRedis } from '../core/redis.js';
import { VERSION } from '../core/version.js';
import { SetupState } from '../setup/setup-state.js';
import { HealthChecks } from './health-checks.js';

const DATABASE_TIMEOUT_MS = 2_000;

/** Whether the gateway and what it leans on are well. */
@Injectable()
export class HealthService {
  private readonly logger = new Logger(HealthService.name);

  constructor(
    private readonly database: Database,
    private readonly redis: InternalRedis,
    private readonly setup: SetupState,
    private readonly others: HealthChecks,
  ) {}

  /** The process answers; nothing else is looked at, or a broken neighbour would get it restarted. */
  live(): Pick<Health, 'status' | 'version'> {
    return { status: 'ok', version: VERSION };
  }

  /** `down` without the database, `degraded` while anything else is away: the console still shows what it knows. */
  async ready(): Promise<Health> {
    const database = await this.checkDatabase();
    const checks: Health['checks'] = [database, this.checkRedis(), ...this.others.checks()];
    const isDown = database.status === 'down';
    const isDegraded = checks.some(({ status }) => status === 'down');
    return {
      status: isDown ? 'down' : isDegraded ? 'degraded' : 'ok',
      version: VERSION,
      setup: !isDown && (await this.setup.isComplete()) ? 'complete' : 'required',
      checks,
    };
  }

  private async checkDatabase(): Promise<Health['checks'][number]> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), DATABASE_TIMEOUT_MS);
    });
    try {
      const first = await Promise.race([this.database.ping(), late]);
      return first === 'late' ? down('database', 'no answer in time') : { name: 'database', status: 'ok' };
    } catch (error) {
      this.logger.warn({ err: error }, 'database does not answer');
      return down('database', 'no answer');
    } finally {
      clearTimeout(timer);
    }
  }

  private checkRedis(): Health['checks'][number] {
    return this.redis.isConnected
      ? { name: 'redis-int', status: 'ok' }
      : down('redis-int', 'no connection; sign-in limits are kept by each gateway alone');
  }
}

function down(name: string, detail: string): Health['checks'][number] {
  return { name, status: 'down', detail };
}
