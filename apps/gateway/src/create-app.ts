import { correlationMiddleware, type LogSink, ProblemFilter, validationPipe } from '@bailiff/nest-kit';
import { Database } from '@bailiff/persistence';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { GatewayConfig } from './gateway.config.js';
import { serveApiDocs } from './openapi/api-docs.js';
import { RequestTimer } from './metrics/request-timer.js';
import { PROBLEM_TABLE } from './problem-table.js';
import { setupGate } from './setup/setup-gate.js';
import { SetupState } from './setup/setup-state.js';
import { securityHeaders } from './web/security-headers.js';
import { nothingOutsideApi, webFiles } from './web/web-files.js';

/** Largest JSON body; bulk bans of 500 addresses are some 30 kB. */
const BODY_LIMIT = '1mb';

/**
 * Builds the gateway, ready to listen. Order matters: correlation id and security headers go on every answer, the setup gate
 * stands before the whole API, and the web app's files never answer for `/api`.
 * @param logTo where the log goes instead of standard output
 */
export async function createApp(
  config: GatewayConfig,
  database: Database,
  logTo?: LogSink,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config, database, logTo), {
    bufferLogs: true,
    bodyParser: false,
  });
  app.useLogger(app.get(Logger));
  app.disable('x-powered-by');
  app.set('trust proxy', config.trustedProxies);
  app.set('query parser', 'simple');
  app.use(app.get(RequestTimer).use);
  app.use(correlationMiddleware);
  for (const middleware of securityHeaders()) app.use(middleware);
  app.use(setupGate(app.get(SetupState)));
  app.useBodyParser('json', { limit: BODY_LIMIT });
  if (config.webDir !== undefined) for (const handler of await webFiles(config.webDir)) app.use(handler);
  app.use(nothingOutsideApi);
  app.setGlobalPrefix('api', { exclude: ['metrics'] });
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter(PROBLEM_TABLE));
  serveApiDocs(app);
  return app;
}
