import { Env, IsAbsolutePath, IsUrlWithProtocol, LOG_LEVELS, type LogLevel } from '@bailiff/nest-kit';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';

/** Everything the worker reads from its environment. */
export class WorkerConfig {
  @Env('REDIS_URL', { secret: true, about: 'redis-int: the queues between gateway and worker.' })
  @IsUrlWithProtocol(['redis', 'rediss'])
  readonly redisUrl: string = 'redis://127.0.0.1:6379';

  @Env('BAILIFF_LOG_LEVEL', { about: `One of ${LOG_LEVELS.join(', ')}.` })
  @IsIn(LOG_LEVELS)
  readonly logLevel: LogLevel = 'info';

  @Env('BAILIFF_WORKER_CONCURRENCY', { about: 'Jobs of one queue worked on at once.' })
  @IsInt()
  @Min(1)
  @Max(64)
  readonly concurrency: number = 4;

  @Env('BAILIFF_WORKER_READY_FILE', { about: 'File written (JSON: pid) once the queues are being read.' })
  @IsOptional()
  @IsAbsolutePath()
  readonly readyFile?: string;
}
