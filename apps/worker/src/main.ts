import 'reflect-metadata';
import { bootstrap, gracefulShutdown, loadConfig, writeReadyFile } from '@bailiff/nest-kit';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { JobRunners } from './jobs/job-runners.js';
import { WorkerConfig } from './worker.config.js';
import { WorkerModule } from './worker.module.js';

/** Longest time a job in hand may take to finish after SIGTERM. */
const SHUTDOWN_MS = 9_000;

await bootstrap(async () => {
  const config = loadConfig(WorkerConfig, process.env, { prefix: 'BAILIFF_WORKER_' });
  const app = await NestFactory.createApplicationContext(WorkerModule.forRoot(config), { bufferLogs: true });
  app.useLogger(app.get(Logger));
  gracefulShutdown(app, { deadlineMs: SHUTDOWN_MS });
  await app.get(JobRunners).start();
  if (config.readyFile !== undefined) writeReadyFile(config.readyFile, { pid: process.pid });
});
