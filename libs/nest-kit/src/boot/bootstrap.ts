import { ConfigError } from '../config/config.error.js';
import { exitProcess } from './exit-process.js';

/**
 * Runs an app's start: a configuration that is not valid is told in full and exits 1, anything else that stops the start is
 * told whole and exits 1 too.
 */
export async function bootstrap(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
    else
      process.stderr.write(
        `Could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    exitProcess(1);
  }
}
