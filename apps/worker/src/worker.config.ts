import { Env, IsAbsolutePath, IsUrlWithProtocol, LOG_LEVELS, type LogLevel } from '@bailiff/nest-kit';
import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { IsDnsServer } from './lookups/is-dns-server.validator.js';

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

  @Env('BAILIFF_WORKER_LOOKUP_TIMEOUT_MS', { about: 'Longest wait for one answer of a look-up service, milliseconds.' })
  @IsInt()
  @Min(100)
  @Max(60_000)
  readonly lookupTimeoutMs: number = 10_000;

  @Env('BAILIFF_WORKER_RDAP_BOOTSTRAP_URL', { about: 'Where ipv4.json and ipv6.json, the list of registries, are.' })
  @IsUrlWithProtocol(['https', 'http'])
  readonly rdapBootstrapUrl: string = 'https://data.iana.org/rdap/';

  @Env('BAILIFF_WORKER_DNS_SERVERS', {
    about: 'DNS servers asked for names of addresses, comma-separated; without it those of the system.',
  })
  @IsDnsServer({ each: true })
  readonly dnsServers: string[] = [];

  @Env('BAILIFF_WORKER_ABUSEIPDB_KEY', { secret: true, about: 'AbuseIPDB key; without it nothing is asked there.' })
  @IsOptional()
  @IsString()
  @Length(8, 200)
  readonly abuseIpdbKey?: string;

  @Env('BAILIFF_WORKER_ABUSEIPDB_URL', { about: 'AbuseIPDB, or a server that speaks its language.' })
  @IsUrlWithProtocol(['https', 'http'])
  readonly abuseIpdbUrl: string = 'https://api.abuseipdb.com/';

  @Env('BAILIFF_WORKER_OTX_KEY', { secret: true, about: 'AlienVault OTX key; without it nothing is asked there.' })
  @IsOptional()
  @IsString()
  @Length(8, 200)
  readonly otxKey?: string;

  @Env('BAILIFF_WORKER_OTX_URL', { about: 'AlienVault OTX, or a server that speaks its language.' })
  @IsUrlWithProtocol(['https', 'http'])
  readonly otxUrl: string = 'https://otx.alienvault.com/';

  @Env('BAILIFF_WORKER_GEO_DIR', {
    about: 'Directory of MMDB files (*.mmdb: country, city, ASN) that take over from the data the worker comes with.',
  })
  @IsOptional()
  @IsAbsolutePath()
  readonly geoDir?: string;

  @Env('BAILIFF_WORKER_GEO_CHECK_SECONDS', { about: 'How often that directory is looked at for changes.' })
  @IsInt()
  @Min(1)
  @Max(86_400)
  readonly geoCheckSeconds: number = 60;

  @Env('BAILIFF_WORKER_GEO_ASN_FILE', { about: 'The AS number file made by the build, when it lies elsewhere.' })
  @IsOptional()
  @IsAbsolutePath()
  readonly geoAsnFile?: string;

  @Env('BAILIFF_WORKER_GEO_ONLINE_URL', {
    secret: true,
    about:
      'https URL with {address}, answering JSON: asked for addresses without a country. Tells that service who you ban.',
  })
  @IsOptional()
  @IsUrlWithProtocol(['https'])
  @Matches(/^https:\/\/[^/{}]+\/.*\{address\}/, { message: 'must hold {address} after its host' })
  readonly geoOnlineUrl?: string;

  @Env('BAILIFF_WORKER_GEO_ONLINE_PER_MINUTE', { about: 'Most questions a minute to that service, a worker.' })
  @IsInt()
  @Min(1)
  @Max(6_000)
  readonly geoOnlinePerMinute: number = 30;

  @Env('BAILIFF_WORKER_READY_FILE', { about: 'File written (JSON: pid) once the queues are being read.' })
  @IsOptional()
  @IsAbsolutePath()
  readonly readyFile?: string;
}
