import type { INestApplicationContext } from '@nestjs/common';
import { exitProcess } from './exit-process.js';

/**
 * Ends the process in order at SIGTERM and SIGINT: Nest's shutdown hooks drain requests, jobs and connections; past the
 * deadline the process ends anyway, so that a supervisor never has to kill it.
 * @param options.deadlineMs longest time from signal to exit
 */
export function gracefulShutdown(app: INestApplicationContext, options: { readonly deadlineMs: number }): void {
  let isClosing = false;
  const close = (signal: NodeJS.Signals) => {
    if (isClosing) return;
    isClosing = true;
    setTimeout(() => exitProcess(1), options.deadlineMs).unref();
    app.close().then(
      () => exitProcess(0),
      (error: unknown) => {
        process.stderr.write(`shutdown after ${signal} failed: ${String(error)}\n`);
        exitProcess(1);
      },
    );
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
}
