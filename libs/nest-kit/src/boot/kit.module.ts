import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule, type Params } from 'nestjs-pino';
import pino from 'pino';
import type { LogLevel } from '../config/log-level.js';
import { activeCorrelationId } from '../correlation/correlation.js';
import { loggedError } from './logged-error.js';

/** Where secrets travel; their values never reach a log. */
const REDACTED = [
  'req.headers.cookie',
  'req.headers.authorization',
  'req.headers["x-bailiff-setup-token"]',
  'res.headers["set-cookie"]',
  '*.password',
  '*.passwordDigest',
  '*.currentDigest',
  '*.newDigest',
  '*.token',
  '*.secret',
  // The same at the top of a line.
  'password',
  'passwordDigest',
  'currentDigest',
  'newDigest',
  'token',
  'secret',
];

/** Takes the log line by line: JSON as it is written, redacted, with its line break. Must neither throw nor log. */
export interface LogSink {
  write(line: string): void;
}

export interface KitOptions {
  readonly service: string;
  readonly level: LogLevel;
  /** Where the log goes; standard output unless given. */
  readonly logTo?: LogSink | undefined;
  /** Is given every line too. */
  readonly alsoLogTo?: LogSink | undefined;
}

/** Structured JSON logs (pino) to stdout, one line per request, each with the correlation id. */
@Module({})
export class KitModule {
  static forRoot(options: KitOptions): DynamicModule {
    const { service, level } = options;
    const pinoHttp = {
      level,
      base: { service, pid: process.pid },
      redact: { paths: REDACTED, censor: '[redacted]' },
      mixin: () => ({ correlationId: activeCorrelationId() }),
      customLogLevel: (_request, response, error) =>
        error !== undefined || response.statusCode >= 500 ? 'warn' : 'info',
      serializers: {
        req: (request: { id: unknown; method: string; url: string; remoteAddress: string }) => ({
          method: request.method,
          path: request.url.split('?')[0],
          remoteAddress: request.remoteAddress,
        }),
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
        err: loggedError,
      },
    } satisfies Params['pinoHttp'];
    const stream = destinationOf(options);
    return {
      module: KitModule,
      imports: [LoggerModule.forRoot({ pinoHttp: stream === undefined ? pinoHttp : [pinoHttp, stream] })],
    };
  }
}

/** Undefined: pino's own way to standard output. */
function destinationOf({ logTo, alsoLogTo }: KitOptions): LogSink | undefined {
  if (alsoLogTo === undefined) return logTo;
  const main = logTo ?? pino.destination(process.stdout.fd || 1);
  return pino.multistream([main, alsoLogTo].map((stream) => ({ level: 'trace', stream })));
}
