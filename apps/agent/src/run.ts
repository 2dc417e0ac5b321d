import 'reflect-metadata';
import { bootstrap, exitProcess, gracefulShutdown, writeReadyFile } from '@bailiff/nest-kit';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import type { AgentConfig } from './agent.config.js';
import { AgentModule, RunningAgent } from './agent.module.js';
import { readEnrolment } from './enrol/enrolment-files.js';
import { AgentError } from './state/agent.error.js';

const SHUTDOWN_MS = 8_000;
/** Whoever waits for the ready file is told after this time even if the gateway is away. */
const READY_WITHIN_MS = 5_000;

/** Runs the daemon until it is told to stop. */
export function runAgent(config: AgentConfig): Promise<void> {
  return bootstrap(async () => {
    try {
      await start(config);
    } catch (error) {
      if (!(error instanceof AgentError) || error.kind === 'bug') throw error;
      process.stderr.write(`${error.message}\n`);
      exitProcess(1);
    }
  });
}

async function start(config: AgentConfig): Promise<void> {
  const enrolment = readEnrolment(config.configDir);
  const app = await NestFactory.createApplicationContext(AgentModule.forRoot(config, enrolment), {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  gracefulShutdown(app, { deadlineMs: SHUTDOWN_MS });
  const { daemon } = app.get(RunningAgent);
  await daemon.start();
  const { readyFile } = config;
  if (readyFile === undefined) return;
  const patience = new Promise((resolve) => setTimeout(resolve, READY_WITHIN_MS).unref());
  await Promise.race([daemon.welcomed, patience]);
  writeReadyFile(readyFile, { pid: process.pid, agentId: enrolment.identity.agentId });
}
