import { setFlagsFromString } from 'node:v8';

/** Compiling one function in the background takes V8 milliseconds. */
const LAST_COMPILATIONS_MS = 50;

/**
 * Ends the process, soon; the only way that ours do while something still holds them open. `process.exit` waits for V8's
 * threads, and one that compiles may itself wait for a garbage collection by the very thread that waits: the process then
 * hangs for ever (nodejs/node#54918; seen on Node 24.21 with exits right after start). So no compilation is begun any
 * more, and those that run are let finish first.
 * @param code exit code
 */
export function exitProcess(code: number): void {
  process.exitCode = code;
  setFlagsFromString('--no-maglev');
  setFlagsFromString('--no-turbofan');
  setTimeout(() => process.exit(code), LAST_COMPILATIONS_MS);
}
