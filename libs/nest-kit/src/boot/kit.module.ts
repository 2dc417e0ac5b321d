import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { LogLevel } from '../config/log-level.js';
import { activeCorrelationId } from '../correlation/correlation.js';

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
];

/** Structured JSON logs (pino) to stdout, one line per request, each with the correlation id. */
@Module({})
export class KitModule {
  static forRoot(options: { readonly service: string; readonly level: LogLevel }): DynamicModule {
    return {
      module: KitModule,
      imports: [
        LoggerModule.forRoot({
          pinoHttp: {
            level: options.level,
            base: { service: options.service, pid: process.pid },
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
            },
          },
        }),
      ],
    };
  }
}
