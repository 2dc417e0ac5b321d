import { createHash } from 'node:crypto';

/** Most characters of JSON that a record of a command keeps: 500 addresses fit. */
const MAX_CHARACTERS = 32_000;
const SHOWN = 500;

/** What took the place of arguments too large for a log. */
export interface LargeArgs {
  /** Of their JSON. */
  readonly characters: number;
  readonly begins: string;
  /** Hexadecimal: tells whether they are those that the console says it sent. */
  readonly sha256: string;
}

/** A command's arguments as the host's own log keeps them: whole, unless they would fill it. */
export function recordedArgs(args: unknown): unknown {
  const json = args === undefined ? '' : JSON.stringify(args);
  if (json.length <= MAX_CHARACTERS) return args;
  const sha256 = createHash('sha256').update(json).digest('hex');
  return { characters: json.length, begins: json.slice(0, SHOWN), sha256 } satisfies LargeArgs;
}
