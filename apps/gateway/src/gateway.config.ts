import { Env, IsAbsolutePath, IsUrlWithProtocol, LOG_LEVELS, type LogLevel } from '@bailiff/nest-kit';
import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { IsNetwork } from './core/is-network.validator.js';

const REDIS = ['redis', 'rediss'];
const EDGE_REDIS = [...REDIS];

/** Everything the gateway reads from its environment. */
export class GatewayConfig {
  @Env('BAILIFF_GATEWAY_HOST', { about: 'Address to listen on' })
  @IsString()
  @Length(1, 255)
  readonly host: string = '127.0.0.1';

  @Env('BAILIFF_GATEWAY_PORT', { about: 'TCP port; 0 takes any free one' })
  @IsInt()
  @Min(0)
  @Max(65_535)
  readonly port: number = 8420;

  @Env('BAILIFF_GATEWAY_DATA_DIR', { about: 'Folder for database, keys and state; made with mode 0700' })
  @IsAbsolutePath()
  readonly dataDir: string = '/var/lib/bailiff';

  @Env('DATABASE_URL', {
    secret: true,
    about: 'PostgreSQL, e.g. postgres://user:password@host/bailiff; without it SQLite',
  })
  @IsOptional()
  @IsUrlWithProtocol(['postgres', 'postgresql'])
  readonly databaseUrl: string | undefined;

  @Env('REDIS_URL', { secret: true, about: 'Redis of gateway and worker' })
  @IsUrlWithProtocol(REDIS)
  readonly redisUrl: string = 'redis://127.0.0.1:6379';

  @Env('BAILIFF_EDGE_REDIS_URL', { secret: true, about: 'Redis of the agents, as the gateway’s own user' })
  @IsUrlWithProtocol(EDGE_REDIS)
  readonly edgeRedisUrl: string = 'redis://127.0.0.1:6379';

  @Env('BAILIFF_EDGE_PROVISION_REDIS_URL', { secret: true, about: 'The same as the user that makes agents’ users' })
  @IsUrlWithProtocol(EDGE_REDIS)
  readonly edgeProvisionRedisUrl: string = 'redis://127.0.0.1:6379';

  @Env('BAILIFF_EDGE_PUBLIC_URL', { about: 'The same as agents reach it, without credentials' })
  @IsUrlWithProtocol(EDGE_REDIS)
  readonly edgePublicUrl: string = 'redis://127.0.0.1:6379';

  @Env('BAILIFF_EDGE_CA', {
    secret: true, // no secret, but it comes from a file as secrets do
    about: 'PEM of the authority that signed the certificate of the agents’ Redis; agents are told it when they enrol',
  })
  @IsOptional()
  @Matches(/-----BEGIN CERTIFICATE-----[^]+-----END CERTIFICATE-----/)
  readonly edgeCa: string | undefined;

  @Env('BAILIFF_GATEWAY_PUBLIC_URL', { about: 'Address of the web app as browsers see it, behind a proxy' })
  @IsOptional()
  @IsUrlWithProtocol(['http', 'https'])
  readonly publicUrl: string | undefined;

  @Env('BAILIFF_GATEWAY_WEB_DIR', { about: 'Folder of the built web app; without it only the API is served' })
  @IsOptional()
  @IsAbsolutePath()
  readonly webDir: string | undefined;

  @Env('BAILIFF_GATEWAY_TRUSTED_PROXIES', {
    about: 'Addresses or networks, comma-separated, whose X-Forwarded-* headers are believed',
  })
  @IsNetwork({ each: true })
  readonly trustedProxies: string[] = [];

  @Env('BAILIFF_GATEWAY_READY_FILE', {
    about: 'File written once the gateway listens: JSON with url, port, setupToken, pid',
  })
  @IsOptional()
  @IsAbsolutePath()
  readonly readyFile: string | undefined;

  @Env('BAILIFF_GATEWAY_LOCAL_ENROLMENT_FILE', {
    about: 'File that offers a one-time token to the agent on this machine',
  })
  @IsOptional()
  @IsAbsolutePath()
  readonly localEnrolmentFile: string | undefined;

  @Env('BAILIFF_LOG_LEVEL', { about: `One of ${LOG_LEVELS.join(', ')}` })
  @IsIn(LOG_LEVELS)
  readonly logLevel: LogLevel = 'info';

  @Env('NODE_ENV', { about: 'production, development or test' })
  @IsOptional()
  @IsString()
  readonly nodeEnv: string | undefined;
}
