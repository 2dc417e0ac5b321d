import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

import { ToolError } from './tool.error.ts';

/** Writes a line for people to standard error; standard output is kept for results. */
export function say(line = ''): void {
  process.stderr.write(`${line}\n`);
}

/** Options and free words of a command line.
 *  @throws {ToolError} for an unknown option or a missing value */
export function readOptions<T extends ParseArgsOptionsConfig>(options: T, allowPositionals = false) {
  try {
    return parseArgs({ options, allowPositionals, strict: true });
  } catch (error) {
    throw new ToolError('tools/bad-option', error instanceof Error ? error.message : String(error));
  }
}

/** Runs a command's body; a ToolError is shown as its message, anything else with its stack. Ends with exit code 1. */
export async function runCommand(body: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    say(
      error instanceof ToolError
        ? `bailiff: ${error.message}`
        : `bailiff: ${error instanceof Error ? error.stack : String(error)}`,
    );
    process.exitCode = 1;
  }
}
