/**
 * V8 settings of the daemon: it is small, runs for months on somebody else's host and mostly waits. A young generation of
 * 1 MB, and no top-tier compiler, which costs 6 MB. Not `--lite-mode`: another 5 MB less, but commands take half as long
 * again, more than P5 allows. Nothing is compiled in the background: in a heap this tight such a compilation often waits for
 * a garbage collection, and a process that exits meanwhile hangs (nodejs/node#54918). Measured by `./bailiff bench P5 P8`.
 */
const FLAGS: readonly string[] = [
  '--optimize-for-size',
  '--max-semi-space-size=1',
  '--no-turbofan',
  '--no-concurrent-recompilation',
  '--no-concurrent-sparkplug',
];

/**
 * Replaces this process by itself with the settings above: same process id, same files, before anything large is loaded.
 * @param env environment to go on with, this process's own
 * @returns when they are in force already or the platform cannot.
 */
export function becomeFrugal(env: NodeJS.ProcessEnv): void {
  const { execPath, execArgv, argv } = process;
  if (FLAGS.every((flag) => execArgv.includes(flag))) return;
  process.execve?.(execPath, [execPath, ...execArgv, ...FLAGS, ...argv.slice(1)], env);
}
