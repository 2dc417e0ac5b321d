import { RefusedCommandError } from '../errors/input.errors.js';
import type { RequestValue } from '../codec/request-writer.js';

const MAX_DEPTH = 32;

/**
 * Refuses commands that freeze the server by design, also inside streams.
 * @throws {RefusedCommandError} for `sleep`
 */
export function assertHarmless(words: readonly RequestValue[], depth = 0): void {
  const [name] = words;
  if (name === 'sleep') throw new RefusedCommandError(name);
  if (name !== 'server-stream' && name !== 'reload') return;
  const stream = words[name === 'reload' ? 3 : 1];
  if (!Array.isArray(stream) || depth > MAX_DEPTH) return;
  for (const command of stream as readonly RequestValue[]) {
    if (Array.isArray(command)) assertHarmless(command as readonly RequestValue[], depth + 1);
  }
}
