/** Levels of our own logs, the most severe first. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Whether a process with this level is being debugged: it logs more than its operation needs. */
export function isDebugLevel(level: LogLevel): boolean {
  return level === 'debug' || level === 'trace';
}
