/**
 * V8 settings of the daemon: it is small, runs for months on somebody else's host and mostly waits. A young generation of
 * 1 MB, and no optimising compilers, whose code and heap would cost a fifth of its memory; what takes time (cryptography,
 * SQLite, Redis) is native anyway. Measured by `./bailiff bench P8`.
 */
const FLAGS: readonly string[] = ['--max-semi-space-size=1', '--lite-mode'];

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
