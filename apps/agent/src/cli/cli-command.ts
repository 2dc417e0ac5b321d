import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { UsageError } from './usage.error.js';

/** What a command gets of the process around it. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** One command of `bailiff-agent`. */
export interface CliCommand {
  /** What `--help` prints. */
  readonly help: string;
  /** Answers the exit code. */
  run(args: readonly string[], context: CliContext): Promise<number>;
}

/** Options that were given; `true` for those without a value. */
export type CliOptions = Readonly<Record<string, string | boolean | undefined>>;

/**
 * Reads a command's arguments.
 * @throws {UsageError} for an option it does not have
 */
export function parseCli(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
): { options: CliOptions; words: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return { options: values as CliOptions, words: positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** @throws {UsageError} when words were given that the command does not take */
export function refuseWords(words: readonly string[]): void {
  if (words.length > 0) throw new UsageError(`Unexpected argument "${words.join(' ')}"`);
}

/** Text of an option; undefined when it was not given. */
export function textOption(options: CliOptions, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
